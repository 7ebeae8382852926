with signals as (

    select * from {{ ref('fct_risk_signals') }}

),

counted as (

    select
        municipality_code,
        survey_year,
        reference_year,
        is_respondent,
        count(*) filter (where domain = 'lea' and signal = 'triggered') as lea_signals,
        count(*) filter (where domain = 'vve' and signal = 'triggered') as vve_signals,
        count(*) filter (where domain = 'lea' and signal = 'not_assessable') as lea_not_assessable,
        count(*) filter (where domain = 'vve' and signal = 'not_assessable') as vve_not_assessable
    from signals
    group by all

)

select
    municipality_code,
    survey_year,
    reference_year,
    is_respondent,
    case
        when lea_signals > 0 and vve_signals > 0 then 'both'
        when lea_signals > 0 then 'lea_only'
        when vve_signals > 0 then 'vve_only'
        when lea_not_assessable + vve_not_assessable > 0 then 'not_assessable'
        else 'none'
    end as risk,
    cast(lea_signals as integer) as lea_signals,
    cast(vve_signals as integer) as vve_signals,
    cast(lea_not_assessable as integer) as lea_not_assessable,
    cast(vve_not_assessable as integer) as vve_not_assessable
from counted
order by survey_year, municipality_code
