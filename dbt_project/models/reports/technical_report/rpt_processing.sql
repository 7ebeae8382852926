with survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

corrected as (

    select
        survey_year,
        count(*) as corrected_cells
    from (
        select distinct
            survey_year,
            municipality_code,
            source_column
        from {{ ref('fct_answers') }}
        where is_corrected
    )
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
    survey_years.deliveries,
    coalesce(corrected.corrected_cells, 0) as corrected_cells,
    coalesce(quarantined.quarantined_rows, 0) as quarantined_rows,
    coalesce(quarantined.quarantined_cells, 0) as quarantined_cells,
    coalesce(quarantined.resolved, 0) as resolved,
    survey_years.origin
from survey_years
left join corrected
    on survey_years.survey_year = corrected.survey_year
left join quarantined
    on survey_years.survey_year = quarantined.survey_year
where survey_years.respondents > 0
order by survey_years.survey_year
