select
    cast(criterion_no as integer) as criterion_no,
    criterion,
    domain,
    label_nl,
    label_en,
    rests_on,
    cast(valid_from as integer) as valid_from,
    cast(valid_to as integer) as valid_to,
    cast(rule as varchar) as rule,
    cast(at_least as integer) as at_least,
    counts,
    cast(beside as varchar) as beside,
    cast(confirmed_until as integer) as confirmed_until
from {{ source('risk', 'criteria') }}
