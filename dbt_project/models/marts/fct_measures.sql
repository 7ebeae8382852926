{#- Each measure of a year once: its name, its numerator and denominator (none: a total), or its value where it is no
    quotient of sums, and the number of municipalities that it rests on. -#}
{%- set yearly_measures = [
    ('target_toddlers_total', 'target_toddlers', none, none, 'giving_target_toddlers'),
    ('places_total', 'places', none, none, 'giving_places'),
    ('reached_toddlers_total', 'reached_toddlers', none, none, 'giving_reached_toddlers'),
    ('reach_national', 'reached_of_complete', 'target_of_complete', none, 'complete'),
    ('reach_mean', none, none, 'reach_mean', 'complete'),
    ('reach_median', none, none, 'reach_median', 'complete'),
    ('reach_below_target', 'below_target', 'complete', none, 'complete'),
    ('reach_above_target', 'above_target', 'complete', none, 'complete'),
    ('places_sufficient', 'sufficient', 'respondents', none, 'respondents'),
    ('places_insufficient', 'insufficient', 'respondents', none, 'respondents'),
    ('places_unknown', 'places_unknown', 'respondents', none, 'respondents'),
] -%}
{%- set panel_measures = [
    ('panel_target_toddlers_total', 'target_toddlers', none, none, 'municipalities'),
    ('panel_places_total', 'places', none, none, 'municipalities'),
    ('panel_reached_toddlers_total', 'reached_toddlers', none, none, 'municipalities'),
    ('panel_reach', 'reached_toddlers', 'target_toddlers', none, 'municipalities'),
] -%}

with members as (

    select * from {{ ref('int_respondents__grouped') }}

),

reach as (

    select * from {{ ref('fct_reach') }}

),

places as (

    select * from {{ ref('fct_places') }}

),

definition_breadth as (

    select * from {{ ref('fct_definition_breadth') }}

),

panel as (

    select * from {{ ref('fct_panel') }}

),

grouped as (

    select
        survey_year,
        population,
        municipality_code,
        breakdown,
        category
    from members

    union all

    select
        members.survey_year,
        members.population,
        members.municipality_code,
        'definition_breadth' as breakdown,
        definition_breadth.definition_breadth as category
    from members
    inner join definition_breadth
        on
            members.survey_year = definition_breadth.survey_year
            and members.municipality_code = definition_breadth.municipality_code
    where members.breakdown = 'total'

),

-- Municipal shares are added as decimals: a sum of floats depends on the order in which threads happen to add.
yearly as (

    select
        grouped.survey_year,
        reach.reference_year,
        grouped.population,
        grouped.breakdown,
        grouped.category,
        count(*) as respondents,
        count(reach.target_toddlers) as giving_target_toddlers,
        count(places.places) as giving_places,
        count(reach.reached_toddlers) as giving_reached_toddlers,
        cast(sum(reach.target_toddlers) as bigint) as target_toddlers,
        cast(sum(places.places) as bigint) as places,
        cast(sum(reach.reached_toddlers) as bigint) as reached_toddlers,
        count(*) filter (where reach.is_complete) as complete,
        cast(sum(reach.target_toddlers) filter (where reach.is_complete) as bigint) as target_of_complete,
        cast(sum(reach.reached_toddlers) filter (where reach.is_complete) as bigint) as reached_of_complete,
        cast(sum(cast(reach.reach as decimal(24, 12))) as double) / nullif(count(reach.reach), 0) as reach_mean,
        median(reach.reach) as reach_median,
        count(*) filter (where reach.is_below_target) as below_target,
        count(*) filter (where reach.is_above_target) as above_target,
        count(*) filter (where places.sufficiency = 'sufficient') as sufficient,
        count(*) filter (where places.sufficiency = 'insufficient') as insufficient,
        count(*) filter (where places.sufficiency = 'unknown') as places_unknown
    from grouped
    inner join reach
        on
            grouped.survey_year = reach.survey_year
            and grouped.municipality_code = reach.municipality_code
    inner join places
        on
            grouped.survey_year = places.survey_year
            and grouped.municipality_code = places.municipality_code
    group by all

),

panel_yearly as (

    select
        survey_year,
        reference_year,
        'panel_' || panel || '_' || first_reference_year || '_' || last_reference_year as population,
        'total' as breakdown,
        'all' as category,
        cast(sum(target_toddlers) as bigint) as target_toddlers,
        cast(sum(places) as bigint) as places,
        cast(sum(reached_toddlers) as bigint) as reached_toddlers,
        count(*) as municipalities
    from panel
    group by all

),

measures as (
    {{ measured('yearly', yearly_measures) }}

    union all
    {{ measured('panel_yearly', panel_measures) }}

)

select
    measure,
    survey_year,
    reference_year,
    population,
    breakdown,
    category,
    numerator,
    denominator,
    value,
    n_municipalities
from measures
order by measure, survey_year, population, breakdown, category
