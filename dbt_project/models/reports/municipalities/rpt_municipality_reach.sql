with municipalities as (

    select * from {{ ref('dim_municipality_year') }}

),

reach as (

    select * from {{ ref('fct_reach') }}

),

places as (

    select * from {{ ref('fct_places') }}

),

nationally as (

    select
        survey_year,
        n_municipalities,
        {{ percent_half_up('numerator', 'denominator', 0) }} as percent
    from {{ ref('fct_measures') }}
    where measure = 'reach_national' and population = 'respondents' and breakdown = 'total'

),

rules as (

    select
    {%- for name in ('too_few', 'largest', 'two_largest', 'p_percent') %}
            max(rule_limit) filter (where name = '{{ name }}') as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
    from {{ ref('stg_disclosure__rules') }}
    where kind = 'rule'

),

-- Each class, each group, and each class of each group: what each of its municipalities adds to its reach.
grouped as (

    select
        municipalities.survey_year,
        municipalities.urbanisation_class,
        municipalities.disadvantage_group,
        grouping(municipalities.urbanisation_class, municipalities.disadvantage_group) as grouping_no,
        list(reach.target_toddlers order by reach.target_toddlers desc) as targets,
        list(reach.reached_toddlers order by reach.reached_toddlers desc) as reached
    from reach
    inner join municipalities
        on
            reach.municipality_code = municipalities.municipality_code
            and reach.survey_year = municipalities.survey_year
    where reach.is_complete
    group by
        grouping sets (
            (municipalities.survey_year, municipalities.urbanisation_class),
            (municipalities.survey_year, municipalities.disadvantage_group),
            (municipalities.survey_year, municipalities.urbanisation_class, municipalities.disadvantage_group)
        )

),

-- What the rules withhold is not there.
shown as (

    select
        grouped.survey_year,
        grouped.urbanisation_class,
        grouped.disadvantage_group,
        grouped.grouping_no,
        len(grouped.targets) as n_municipalities,
        {{ percent_half_up('list_sum(grouped.reached)', 'list_sum(grouped.targets)', 0) }} as percent
    from grouped
    cross join rules
    where {{ is_shown_sum('grouped.targets') }} and {{ is_shown_sum('grouped.reached') }}

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
    in_group.n_municipalities as n_in_group,
    in_both.percent as percent_in_both,
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
left join nationally
    on municipalities.survey_year = nationally.survey_year
left join shown as in_class
    on
        in_class.grouping_no = 1
        and municipalities.survey_year = in_class.survey_year
        and municipalities.urbanisation_class = in_class.urbanisation_class
left join shown as in_group
    on
        in_group.grouping_no = 2
        and municipalities.survey_year = in_group.survey_year
        and municipalities.disadvantage_group = in_group.disadvantage_group
left join shown as in_both
    on
        in_both.grouping_no = 0
        and municipalities.survey_year = in_both.survey_year
        and municipalities.urbanisation_class = in_both.urbanisation_class
        and municipalities.disadvantage_group = in_both.disadvantage_group
order by municipalities.municipality_code, municipalities.survey_year
