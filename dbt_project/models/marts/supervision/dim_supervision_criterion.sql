with criteria as (

    select * from {{ ref('stg_risk__criteria') }}

)

select
    criterion_no,
    criterion,
    domain,
    label_nl,
    label_en,
    at_least,
    counts,
    list(rule order by rule) filter (where rule is not null) as rules,
    beside,
    rests_on,
    valid_from,
    valid_to
from criteria
group by all
order by criterion_no
