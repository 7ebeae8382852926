with survey_years as (

    select * from {{ ref('stg_questionnaires__survey_years') }}

),

municipalities as (

    select * from {{ ref('stg_registers__municipalities') }}

),

questions as (

    select * from {{ ref('stg_questionnaires__questions') }}

),

register_dates as (

    select
        survey_years.survey_year,
        max(municipalities.reference_date) as register_date
    from survey_years
    inner join municipalities
        on survey_years.register_date >= municipalities.reference_date
    group by survey_years.survey_year

),

counted as (

    select
        survey_year,
        count(distinct concept) = 3 as asks_all_counts
    from questions
    where list_contains({{ vve_counts() }}, concept)
    group by survey_year

)

select
    survey_years.survey_year,
    survey_years.reference_year,
    register_dates.register_date,
    survey_years.analysis_population,
    survey_years.analysis_population_years,
    coalesce(counted.asks_all_counts, false) as asks_all_counts,
    coalesce(
        max(register_dates.register_date) filter (where survey_years.is_edition_year) over (),
        max(register_dates.register_date) over ()
    ) as edition_register_date
from survey_years
left join register_dates
    on survey_years.survey_year = register_dates.survey_year
left join counted
    on survey_years.survey_year = counted.survey_year
order by survey_years.survey_year
