-- On the borders of the set's last year (strict) or of the edition's (harmonised) each municipality is in the panel or
-- excluded, and never both.
with placed as (

    select distinct
        population,
        municipality_code
    from {{ ref('fct_panel') }}

    union all

    select
        population,
        municipality_code
    from {{ ref('fct_panel_exclusions') }}

),

registered as (

    select
        panels.population,
        municipalities.municipality_code
    from {{ ref('dim_panel') }} as panels
    inner join {{ ref('int_survey_years__registered') }} as survey_years
        on panels.reference_years[-1] = survey_years.reference_year
    inner join {{ ref('stg_registers__municipalities') }} as municipalities
        on
            if(panels.panel = 'strict', survey_years.register_date, survey_years.edition_register_date)
            = municipalities.reference_date

)

select
    coalesce(registered.population, placed.population) as population,
    coalesce(registered.municipality_code, placed.municipality_code) as municipality_code,
    count(placed.municipality_code) as times_placed,
    count(registered.municipality_code) as times_registered
from registered
full outer join placed
    on
        registered.population = placed.population
        and registered.municipality_code = placed.municipality_code
group by all
having count(placed.municipality_code) != 1 or count(registered.municipality_code) != 1
