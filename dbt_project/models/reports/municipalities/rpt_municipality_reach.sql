with municipalities as (

    select * from {{ ref('dim_municipality_year') }}

),

reach as (

    select * from {{ ref('fct_reach') }}

),

places as (

    select * from {{ ref('fct_places') }}

),

national_reach as (

    select
        survey_year,
        breakdown,
        category,
        n_municipalities,
        {{ percent_half_up('numerator', 'denominator', 0) }} as percent
    from {{ ref('fct_measures') }}
    where measure = 'reach_national' and population = 'respondents'

),

comparable_reach as (

    select
        municipalities.survey_year,
        municipalities.urbanisation_class,
        municipalities.disadvantage_group,
        count(*) as n_municipalities,
        {{ percent_half_up('sum(reach.reached_toddlers)', 'sum(reach.target_toddlers)', 0) }} as percent
    from reach
    inner join municipalities
        on
            reach.municipality_code = municipalities.municipality_code
            and reach.survey_year = municipalities.survey_year
    where reach.is_complete
    group by municipalities.survey_year, municipalities.urbanisation_class, municipalities.disadvantage_group

)

select
    municipalities.municipality_code,
    municipalities.survey_year,
    municipalities.reference_year,
    municipalities.is_respondent,
    reach.target_toddlers,
    coalesce(reach.target_toddlers_status, 'no_questionnaire') as target_toddlers_status,
    places.places,
    coalesce(places.places_status, 'no_questionnaire') as places_status,
    places.sufficiency,
    reach.reached_toddlers,
    coalesce(reach.reached_toddlers_status, 'no_questionnaire') as reached_toddlers_status,
    case
        when reach.is_complete then {{ percent_half_up('reach.reached_toddlers', 'reach.target_toddlers', 0) }}
    end as percent,
    coalesce(reach.is_above_target, false) as is_above_target,
    nationally.percent as percent_nationally,
    nationally.n_municipalities as n_nationally,
    case when in_class.n_municipalities >= {{ fewest_compared() }} then in_class.percent end as percent_in_class,
    in_class.n_municipalities as n_in_class,
    case when in_group.n_municipalities >= {{ fewest_compared() }} then in_group.percent end as percent_in_group,
    in_group.n_municipalities as n_in_group,
    case when in_both.n_municipalities >= {{ fewest_compared() }} then in_both.percent end as percent_in_both,
    in_both.n_municipalities as n_in_both
from municipalities
left join reach
    on
        municipalities.municipality_code = reach.municipality_code
        and municipalities.survey_year = reach.survey_year
left join places
    on
        municipalities.municipality_code = places.municipality_code
        and municipalities.survey_year = places.survey_year
left join national_reach as nationally
    on
        municipalities.survey_year = nationally.survey_year
        and nationally.breakdown = 'total'
left join national_reach as in_class
    on
        municipalities.survey_year = in_class.survey_year
        and in_class.breakdown = 'urbanisation_class'
        and cast(municipalities.urbanisation_class as varchar) = in_class.category
left join national_reach as in_group
    on
        municipalities.survey_year = in_group.survey_year
        and in_group.breakdown = 'disadvantage_group'
        and municipalities.disadvantage_group = in_group.category
left join comparable_reach as in_both
    on
        municipalities.survey_year = in_both.survey_year
        and municipalities.urbanisation_class = in_both.urbanisation_class
        and municipalities.disadvantage_group = in_both.disadvantage_group
order by municipalities.municipality_code, municipalities.survey_year
