select
    cast(rule_no as integer) as rule_no,
    rule,
    kind,
    concept,
    cast(other_concept as varchar) as other_concept,
    cast(at_least as decimal(9, 3)) as at_least,
    cast(at_most as decimal(9, 3)) as at_most,
    cast(margin as bigint) as margin,
    cast(smallest as bigint) as smallest,
    label_nl,
    label_en,
    ask_nl,
    ask_en,
    cast(valid_from as integer) as valid_from,
    cast(valid_to as integer) as valid_to,
    cast(confirmed_until as integer) as confirmed_until
from {{ source('plausibility', 'rules') }}
