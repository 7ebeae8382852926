with counts as (

    select * from {{ ref('int_counts__pivoted') }}
    where is_respondent

)

select
    municipality_code,
    survey_year,
    reference_year,
    target_toddlers,
    target_toddlers_status,
    reached_toddlers,
    reached_toddlers_status,
    is_complete,
    case when is_complete then {{ quotient('reached_toddlers', 'target_toddlers') }} end as reach,
    is_below_target,
    is_above_target
from counts
order by survey_year, municipality_code
