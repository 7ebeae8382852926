with counts as (

    select * from {{ ref('int_counts__listed') }}

),

pivoted as (

    select
        survey_year,
        reference_year,
        municipality_code,
        max(number) filter (where concept = 'target_toddlers') as target_toddlers,
        max(status) filter (where concept = 'target_toddlers') as target_toddlers_status,
        max(last_given_number) filter (where concept = 'target_toddlers') as target_toddlers_before,
        max(number) filter (where concept = 'places') as places,
        max(status) filter (where concept = 'places') as places_status,
        max(number) filter (where concept = 'reached_toddlers') as reached_toddlers,
        max(status) filter (where concept = 'reached_toddlers') as reached_toddlers_status,
        bool_and(number is not null) as gives_all_counts,
        bool_and(status != 'no_questionnaire') as is_respondent
    from counts
    group by survey_year, reference_year, municipality_code

)

select
    *,
    coalesce(target_toddlers > 0 and reached_toddlers is not null, false) as is_complete,
    case when is_complete then reached_toddlers < target_toddlers end as is_below_target,
    case when is_complete then reached_toddlers > target_toddlers end as is_above_target,
    case
        when places >= target_toddlers then 'sufficient'
        when places < target_toddlers then 'insufficient'
        else 'unknown'
    end as sufficiency
from pivoted
order by survey_year, municipality_code
