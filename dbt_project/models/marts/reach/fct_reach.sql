with counts as (

    select * from {{ ref('int_counts__pivoted') }}

),

complete as (

    select
        *,
        coalesce(target_toddlers > 0 and reached_toddlers is not null, false) as is_complete
    from counts

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
    case when is_complete then reached_toddlers < target_toddlers end as is_below_target,
    case when is_complete then reached_toddlers > target_toddlers end as is_above_target
from complete
order by survey_year, municipality_code
