{#- Everyone of whom a number can be: respondents, all municipalities of the register, panels; in every group. -#}
with respondents as (

    select * from {{ ref('int_respondents__grouped') }}

),

municipalities as (

    select * from {{ ref('int_municipalities__classified') }}

),

definition_breadth as (

    select * from {{ ref('fct_definition_breadth') }}

),

panel as (

    select * from {{ ref('fct_panel') }}

),

registered as (

    select
        survey_year,
        'municipalities' as population,
        municipality_code,
        unnest(['total', 'urbanisation_class', 'disadvantage_group', 'province']) as breakdown,
        unnest(['all', cast(urbanisation_class as varchar), disadvantage_group, province_code]) as category
    from municipalities

),

by_breadth as (

    select
        respondents.survey_year,
        respondents.population,
        respondents.municipality_code,
        'definition_breadth' as breakdown,
        definition_breadth.definition_breadth as category
    from respondents
    inner join definition_breadth
        on
            respondents.survey_year = definition_breadth.survey_year
            and respondents.municipality_code = definition_breadth.municipality_code
    where respondents.breakdown = 'total'

),

panel_members as (

    select
        survey_year,
        {{ panel_population() }} as population,
        municipality_code
    from panel

),

breakdowns as (

    select distinct breakdown from respondents

),

-- A municipality of today's borders may not have answered under that code: it has no class in that year.
in_panels as (

    select
        panel_members.survey_year,
        panel_members.population,
        panel_members.municipality_code,
        breakdowns.breakdown,
        case when breakdowns.breakdown = 'total' then 'all' else respondents.category end as category
    from panel_members
    cross join breakdowns
    left join respondents
        on
            panel_members.survey_year = respondents.survey_year
            and panel_members.municipality_code = respondents.municipality_code
            and breakdowns.breakdown = respondents.breakdown
            and respondents.population = 'respondents'

),

grouped as (

    select * from respondents
    union all
    select * from registered
    union all
    select * from by_breadth
    union all
    select * from in_panels

)

select
    survey_year,
    population,
    municipality_code,
    breakdown,
    coalesce(category, 'unknown') as category
from grouped
