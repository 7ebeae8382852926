-- On the borders of the set's last year (strict) or of the edition's (harmonised) each municipality is in the panel or
-- excluded, and never both.
with placed as (

    select distinct
        panel,
        reference_years,
        last_reference_year,
        municipality_code
    from {{ ref('fct_panel') }}

    union all

    select
        panel,
        reference_years,
        cast(string_split(reference_years, ',')[-1] as integer) as last_reference_year,
        municipality_code
    from {{ ref('fct_panel_exclusions') }}

),

survey_years as (

    select
        reference_year,
        register_date,
        edition_register_date
    from {{ ref('int_survey_years__registered') }}

),

municipalities as (

    select * from {{ ref('stg_registers__municipalities') }}

),

panels as (

    select distinct
        placed.panel,
        placed.reference_years,
        if(placed.panel = 'strict', survey_years.register_date, survey_years.edition_register_date) as register_date
    from placed
    inner join survey_years
        on placed.last_reference_year = survey_years.reference_year

),

registered as (

    select
        panels.panel,
        panels.reference_years,
        municipalities.municipality_code
    from panels
    inner join municipalities
        on panels.register_date = municipalities.reference_date

)

select
    coalesce(registered.panel, placed.panel) as panel,
    coalesce(registered.reference_years, placed.reference_years) as reference_years,
    coalesce(registered.municipality_code, placed.municipality_code) as municipality_code,
    count(placed.municipality_code) as times_placed,
    count(registered.municipality_code) as times_registered
from registered
full outer join placed
    on
        registered.panel = placed.panel
        and registered.reference_years = placed.reference_years
        and registered.municipality_code = placed.municipality_code
group by all
having count(placed.municipality_code) != 1 or count(registered.municipality_code) != 1
