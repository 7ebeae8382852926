with rules as (

    select * from {{ ref('stg_risk__rules') }}

)

select
    rule_no,
    rule,
    domain,
    subject,
    label_nl,
    label_en,
    at_least,
    list(
        { 'condition_no': condition_no, 'concept': concept, 'item': item, 'option_key': option_key }
        order by condition_no, option_key
    ) as conditions,
    rests_on,
    valid_from,
    valid_to
from rules
group by all
order by rule_no
