select
    kind,
    name,
    rule_limit,
    words_nl,
    words_en
from {{ ref('stg_disclosure__rules') }}
order by kind, name
