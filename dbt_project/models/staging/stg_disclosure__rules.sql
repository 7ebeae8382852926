select
    kind,
    name,
    cast("limit" as integer) as rule_limit,
    cast(words_nl as varchar) as words_nl,
    cast(words_en as varchar) as words_en
from {{ source('disclosure', 'rules') }}
