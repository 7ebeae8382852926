{# A page speaks of the panel of so many years: the survey year's reference year and those before it. #}
{%- set years_of_panel = 3 -%}
with register as (

    select * from {{ ref('dim_municipality_year') }}

),

categories as (

    select * from {{ ref('dim_category') }}

),

deliveries as (

    select
        survey_year,
        municipality_code,
        max(delivery) as delivery
    from {{ ref('fct_answers') }}
    group by survey_year, municipality_code

),

assessments as (

    select * from {{ ref('fct_risk_assessment') }}

),

labels as (

    select * from {{ ref('dim_label') }}

),

panels as (

    select
        population,
        min(reference_year) as panel_from,
        max(reference_year) as panel_to
    from {{ ref('fct_panel') }}
    where panel = 'strict'
    group by population
    having count(distinct reference_year) = {{ years_of_panel }} and panel_to - panel_from = {{ years_of_panel }} - 1

),

exclusions as (

    select * from {{ ref('fct_panel_exclusions') }}
    where panel = 'strict'

),

-- What it did not give of which years; who sent no questionnaire of a year gave nothing.
lacking as (

    select
        population,
        municipality_code,
        replace(what, 'years_without_', '') as code,
        [cast(year as integer) for year in string_split(years, ',')] as years
    from exclusions
    unpivot (
        years for what in (
            years_without_questionnaire,
            years_without_target_toddlers,
            years_without_places,
            years_without_reached_toddlers
        )
    )

),

listed as (

    select
        lacking.population,
        lacking.municipality_code,
        list(
            {
                'nl': labels.label_nl,
                'en': labels.label_en,
                'years': lacking.years
            }
            order by labels.code_no
        ) as lacks
    from lacking
    inner join labels
        on
            labels.vocabulary = 'not_given'
            and lacking.code = labels.code
    group by lacking.population, lacking.municipality_code

),

ended as (

    select * from {{ ref('dim_municipality') }}
    where valid_to is not null

),

predecessors as (

    select
        register.survey_year,
        register.municipality_code,
        list(
            { 'code': ended.municipality_code, 'name': ended.municipality_name, 'valid_to': ended.valid_to }
            order by ended.valid_to, ended.municipality_name
        ) as predecessors
    from register
    inner join ended
        on
            list_contains(string_split(ended.current_codes, ', '), register.municipality_code)
            and register.municipality_code != ended.municipality_code
    group by register.survey_year, register.municipality_code

)

select
    register.survey_year,
    register.municipality_code,
    register.municipality_name,
    register.province,
    cast(register.urbanisation_class as varchar) as urbanisation_class,
    urbanisation.label_nl as urbanisation_label_nl,
    urbanisation.label_en as urbanisation_label_en,
    register.disadvantage_group,
    disadvantage.label_nl as disadvantage_label_nl,
    disadvantage.label_en as disadvantage_label_en,
    register.is_respondent,
    deliveries.delivery,
    assessments.risk,
    panels.panel_from,
    panels.panel_to,
    exclusions.exclusion_reason,
    listed.lacks,
    predecessors.predecessors
from register
left join categories as urbanisation
    on
        urbanisation.breakdown = 'urbanisation_class'
        and cast(register.urbanisation_class as varchar) = urbanisation.category
left join categories as disadvantage
    on
        disadvantage.breakdown = 'disadvantage_group'
        and register.disadvantage_group = disadvantage.category
left join deliveries
    on
        register.survey_year = deliveries.survey_year
        and register.municipality_code = deliveries.municipality_code
left join assessments
    on
        register.survey_year = assessments.survey_year
        and register.municipality_code = assessments.municipality_code
left join panels
    on register.reference_year = panels.panel_to
left join exclusions
    on
        panels.population = exclusions.population
        and register.municipality_code = exclusions.municipality_code
left join listed
    on
        exclusions.population = listed.population
        and exclusions.municipality_code = listed.municipality_code
left join predecessors
    on
        register.survey_year = predecessors.survey_year
        and register.municipality_code = predecessors.municipality_code
order by register.survey_year, register.municipality_code
