{#- What each municipality contributes to each measure: above the line and below it. Every measure is the sum of these,
    so that the municipalities behind a number are the rows that it was summed from. -#}
{%- set is_unknown = "cast(sufficiency = 'unknown' as bigint)" -%}
{%- set count_measures = [
    ('target_toddlers_total', 'target_toddlers', 'null', 'target_toddlers is not null'),
    ('places_total', 'places', 'null', 'places is not null'),
    ('reached_toddlers_total', 'reached_toddlers', 'null', 'reached_toddlers is not null'),
    ('reach_national', 'reached_toddlers', 'target_toddlers', 'is_complete'),
    ('reach_mean', 'reached_toddlers', 'target_toddlers', 'is_complete'),
    ('reach_median', 'reached_toddlers', 'target_toddlers', 'is_complete'),
    ('reach_below_target', 'cast(is_below_target as bigint)', '1', 'is_complete'),
    ('reach_above_target', 'cast(is_above_target as bigint)', '1', 'is_complete'),
    ('places_sufficient', "cast(sufficiency = 'sufficient' as bigint)", '1', 'true', is_unknown),
    ('places_insufficient', "cast(sufficiency = 'insufficient' as bigint)", '1', 'true', is_unknown),
    ('places_unknown', "cast(sufficiency = 'unknown' as bigint)", '1', 'true'),
] -%}
{%- set panel_measures = [
    ('panel_target_toddlers_total', 'target_toddlers', 'null', 'true'),
    ('panel_places_total', 'places', 'null', 'true'),
    ('panel_reached_toddlers_total', 'reached_toddlers', 'null', 'true'),
    ('panel_reach', 'reached_toddlers', 'target_toddlers', 'target_toddlers > 0'),
] -%}
{%- set municipality_measures = [
    ('response', 'cast(is_respondent as bigint)', '1', 'true'),
    ('non_response', 'cast(not is_respondent as bigint)', '1', 'true'),
    ('disadvantage_score', 'cast(round(disadvantage_score * 10000) as bigint)', '10000', 'disadvantage_score is not null'),
] -%}

with counted as (

    select * from {{ ref('fct_measure_choices') }}

),

supervision as (

    select * from {{ ref('fct_supervision_measures') }}

),

municipalities as (

    select * from {{ ref('int_municipalities__classified') }}

),

grouped as (

    select * from {{ ref('int_respondents__grouped') }}

),

categories as (

    select * from {{ ref('dim_category') }}

),

panel as (

    select
        *,
        {{ panel_population() }} as population
    from {{ ref('fct_panel') }}

),

counts as (

    select
        reach.*,
        places.places,
        places.sufficiency
    from {{ ref('fct_reach') }} as reach
    inner join {{ ref('fct_places') }} as places
        on
            reach.survey_year = places.survey_year
            and reach.municipality_code = places.municipality_code

),

-- A class is a measure too: the share of municipalities that are in it.
classes as (

    select
        categories.breakdown || '=' || categories.category as measure,
        grouped.survey_year,
        grouped.population,
        grouped.municipality_code,
        cast(grouped.category = categories.category as bigint) as numerator,
        cast(grouped.category = 'unknown' as bigint) as unknown
    from categories
    inner join grouped
        on categories.breakdown = grouped.breakdown
    where
        (categories.breakdown like 'urbanisation_class%' or categories.breakdown like 'disadvantage_group%')
        and categories.category != 'unknown'

),

members as (

    select
        measure,
        survey_year,
        cast(null as varchar) as population,
        municipality_code,
        numerator,
        denominator,
        unknown
    from counted

    union all

    select
        measure,
        survey_year,
        null as population,
        municipality_code,
        numerator,
        denominator,
        unknown
    from supervision

    union all

    select
        measure,
        survey_year,
        population,
        municipality_code,
        numerator,
        1 as denominator,
        unknown
    from classes

    union all
    {{ contributions('counts', count_measures) }}

    union all
    {{ contributions('municipalities', municipality_measures) }}

    union all
    {{ contributions('panel', panel_measures, 'population') }}

)

select
    measure,
    survey_year,
    population,
    municipality_code,
    cast(numerator as bigint) as numerator,
    cast(denominator as bigint) as denominator,
    cast(unknown as bigint) as unknown
from members
