{#- Everyone of whom a number can be, in every group: respondents, all municipalities of the register, panels. -#}
with municipalities as (

    select * from {{ ref('dim_municipality_year') }}

),

breakdowns as (

    select distinct
        breakdown,
        column_name,
        origin
    from {{ ref('dim_category') }}

),

populations as (

    select
        survey_year,
        municipality_code,
        'municipalities' as population,
        ['registers'] as origins
    from municipalities

    union all

    select
        survey_year,
        municipality_code,
        'respondents' as population,
        ['registers', 'report', 'answers'] as origins
    from municipalities
    where is_respondent

    union all

    select
        municipalities.survey_year,
        municipalities.municipality_code,
        survey_years.analysis_population as population,
        ['registers', 'report', 'answers'] as origins
    from municipalities
    inner join {{ ref('int_survey_years__registered') }} as survey_years
        on municipalities.survey_year = survey_years.survey_year
    where municipalities.is_in_analysis_population

    union all

    select
        survey_year,
        municipality_code,
        population,
        ['registers', 'report'] as origins
    from {{ ref('fct_panel') }}

),

-- Every column as a row: those that the catalogue calls a breakdown are groups.
listed as (

    unpivot municipalities
    on columns(* exclude (survey_year, municipality_code, is_respondent))::varchar
    into
    name column_name
    value category

),

registered as (

    select
        listed.survey_year,
        listed.municipality_code,
        listed.is_respondent,
        breakdowns.breakdown,
        listed.category
    from listed
    inner join breakdowns
        on listed.column_name = breakdowns.column_name

),

report_classes as (

    select * from {{ ref('stg_registers__report_classification') }}

),

report_breakdowns as (

    select distinct
        breakdown,
        like_breakdown
    from report_classes

),

-- Whom a report does not class has the register's class of the year, in the same terms: a municipality that is alone in
-- a category of its own would be known by it.
not_classed as (

    select
        registered.survey_year,
        registered.municipality_code,
        registered.is_respondent,
        report_breakdowns.breakdown,
        registered.category
    from registered
    inner join report_breakdowns
        on registered.breakdown = report_breakdowns.like_breakdown
    anti join report_classes
        on
            registered.municipality_code = report_classes.municipality_code
            and report_breakdowns.breakdown = report_classes.breakdown

),

grouped as (

    select * from registered

    union all

    select
        municipalities.survey_year,
        municipalities.municipality_code,
        municipalities.is_respondent,
        report_classes.breakdown,
        report_classes.category
    from municipalities
    inner join report_classes
        on municipalities.municipality_code = report_classes.municipality_code

    union all

    select * from not_classed

)

-- A municipality of today's borders may not have answered under that code: it has no class in that year.
select
    populations.survey_year,
    populations.population,
    populations.municipality_code,
    breakdowns.breakdown,
    if(breakdowns.breakdown = 'total', 'all', coalesce(grouped.category, 'unknown')) as category
from populations
inner join breakdowns
    on list_contains(populations.origins, breakdowns.origin)
left join grouped
    on
        populations.survey_year = grouped.survey_year
        and populations.municipality_code = grouped.municipality_code
        and breakdowns.breakdown = grouped.breakdown
        and (grouped.is_respondent or populations.population = 'municipalities')
