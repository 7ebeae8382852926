with catalogue as (

    select * from {{ ref('stg_catalogue__cells') }}

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

members as (

    select * from {{ ref('fct_measure_members') }}

),

grouped as (

    select * from {{ ref('dim_municipality_group') }}

),

found as (

    select distinct
        survey_year,
        municipality_code
    from members

),

-- A municipality is called what it was called in that survey year; one of another year's borders, by its own name.
named as (

    select
        found.survey_year,
        found.municipality_code,
        coalesce(registered.municipality_name, known.municipality_name, found.municipality_code) as municipality_name,
        coalesce(registered.province, known.province) as province
    from found
    left join {{ ref('dim_municipality_year') }} as registered
        on
            found.survey_year = registered.survey_year
            and found.municipality_code = registered.municipality_code
    left join {{ ref('dim_municipality') }} as known
        on found.municipality_code = known.municipality_code

),

-- A catalogue names a cell's year as survey year or as reference year, whichever its table speaks of.
cells as (

    select
        catalogue.*,
        survey_years.survey_year as cell_survey_year
    from catalogue
    inner join survey_years
        on
            coalesce(catalogue.survey_year = survey_years.survey_year, true)
            and coalesce(catalogue.reference_year = survey_years.reference_year, true)

),

-- Complete before it is sorted: both at once need twice the memory.
joined as materialized (

    select
        cells.report,
        cells.table_id,
        cells.row_key,
        cells.column_key,
        cells.position,
        cells.row_no,
        cells.column_no,
        members.survey_year,
        members.municipality_code,
        named.municipality_name,
        named.province,
        members.numerator,
        members.denominator,
        members.unknown
    from cells
    inner join members
        on
            cells.measure = members.measure
            and cells.cell_survey_year = members.survey_year
            and coalesce(cells.population = members.population, members.population is null)
    inner join grouped
        on
            cells.cell_survey_year = grouped.survey_year
            and cells.population = grouped.population
            and cells.breakdown = grouped.breakdown
            and cells.category = grouped.category
            and members.municipality_code = grouped.municipality_code
    inner join named
        on
            members.survey_year = named.survey_year
            and members.municipality_code = named.municipality_code

)

select * exclude (position, row_no, column_no)
from joined
order by report, position, row_no, column_no, municipality_code
