select
    cast(rule_no as integer) as rule_no,
    rule,
    domain,
    subject,
    label_nl,
    label_en,
    cast(at_least as integer) as at_least,
    rests_on,
    cast(valid_from as integer) as valid_from,
    cast(valid_to as integer) as valid_to,
    cast(condition_no as integer) as condition_no,
    concept,
    cast(item as varchar) as item,
    option_key,
    cast(settled_concept as varchar) as settled_concept,
    cast(settled_option as varchar) as settled_option,
    cast(confirmed_until as integer) as confirmed_until
from {{ source('risk', 'rules') }}
