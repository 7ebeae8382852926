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
    in_class.percent as percent_in_class,
    in_class.n_municipalities as n_in_class,
    in_group.percent as percent_in_group,
    in_group.n_municipalities as n_in_group
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
order by municipalities.municipality_code, municipalities.survey_year
