with survey_years as (

    select * from {{ ref('stg_questionnaires__survey_years') }}

),

municipalities as (

    select
        survey_year,
        count(*) as municipalities,
        count(*) filter (where is_respondent) as respondents
    from {{ ref('int_municipalities__classified') }}
    group by survey_year

),

corrected as (

    select
        survey_year,
        count(distinct municipality_code || ' ' || source_column) as corrected_cells
    from {{ ref('stg_answers__answers') }}
    where
        is_current
        and is_corrected
    group by survey_year

),

quarantined as (

    select
        survey_year,
        count(*) filter (where scope = 'row') as quarantined_rows,
        count(*) filter (where scope = 'cell') as quarantined_cells,
        count(*) filter (where is_resolved) as resolved
    from {{ ref('stg_answers__quarantine') }}
    group by survey_year

)

select
    survey_years.survey_year,
    survey_years.reference_year,
    survey_years.title_nl,
    survey_years.title_en,
    survey_years.status,
    survey_years.origin,
    survey_years.register_date,
    survey_years.deliveries,
    survey_years.analysis_population,
    {{ list_text('survey_years.analysis_population_years') }} as analysis_population_years,
    cast(coalesce(municipalities.municipalities, 0) as integer) as municipalities,
    cast(coalesce(municipalities.respondents, 0) as integer) as respondents,
    cast(coalesce(corrected.corrected_cells, 0) as integer) as corrected_cells,
    cast(coalesce(quarantined.quarantined_rows, 0) as integer) as quarantined_rows,
    cast(coalesce(quarantined.quarantined_cells, 0) as integer) as quarantined_cells,
    cast(coalesce(quarantined.resolved, 0) as integer) as resolved
from survey_years
left join municipalities
    on survey_years.survey_year = municipalities.survey_year
left join corrected
    on survey_years.survey_year = corrected.survey_year
left join quarantined
    on survey_years.survey_year = quarantined.survey_year
order by survey_years.survey_year
