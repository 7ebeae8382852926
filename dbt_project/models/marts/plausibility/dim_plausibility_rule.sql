with rules as (

    select * from {{ ref('stg_plausibility__rules') }}

)

select
    rule_no,
    rule,
    kind,
    concept,
    other_concept,
    at_least,
    at_most,
    margin,
    smallest,
    label_nl,
    label_en,
    valid_from,
    valid_to
from rules
order by rule_no
