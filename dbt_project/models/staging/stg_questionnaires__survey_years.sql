select
    cast(survey_year as integer) as survey_year,
    cast(reference_year as integer) as reference_year,
    title_nl,
    title_en,
    status,
    origin,
    cast(register_date as date) as register_date,
    cast(deliveries as integer) as deliveries,
    cast(analysis_population as varchar) as analysis_population,
    cast(string_split(cast(analysis_population_years as varchar), ',') as integer[]) as analysis_population_years,
    cast(is_edition_year as boolean) as is_edition_year
from {{ source('questionnaires', 'survey_years') }}
