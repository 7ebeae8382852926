with survey_years as (

    select * from {{ ref('int_survey_years__registered') }}

),

municipalities as (

    select * from {{ ref('stg_registers__municipalities') }}

),

urbanisation as (

    select * from {{ ref('stg_registers__urbanisation') }}

),

disadvantage as (

    select * from {{ ref('stg_registers__disadvantage') }}

),

respondents as (

    select distinct
        survey_year,
        municipality_code
    from {{ ref('stg_answers__answers') }}
    where is_current

),

-- Who answered in all years that the survey year's analysis population is made of.
analysed as (

    select
        survey_years.survey_year,
        respondents.municipality_code
    from survey_years
    inner join respondents
        on list_contains(survey_years.analysis_population_years, respondents.survey_year)
    group by survey_years.survey_year, survey_years.analysis_population_years, respondents.municipality_code
    having count(*) = len(survey_years.analysis_population_years)

),

registered as (

    select
        survey_years.survey_year,
        survey_years.reference_year,
        survey_years.register_date,
        municipalities.municipality_code,
        municipalities.municipality_name,
        municipalities.province_code,
        municipalities.province
    from survey_years
    inner join municipalities
        on survey_years.register_date = municipalities.reference_date

),

-- A year that a register does not know yet takes the last class that it does know.
classified as (

    select
        registered.*,
        urbanisation.urbanisation_class,
        urbanisation.urbanisation_status,
        urbanisation.reference_year as urbanisation_year,
        disadvantage.disadvantage_score,
        disadvantage.disadvantage_group,
        disadvantage.disadvantage_status,
        disadvantage.layout_year as disadvantage_year
    from registered
    asof left join urbanisation
        on
            registered.municipality_code = urbanisation.municipality_code
            and registered.survey_year >= urbanisation.reference_year
    asof left join disadvantage
        on
            registered.municipality_code = disadvantage.municipality_code
            and registered.survey_year >= disadvantage.layout_year

)

select
    classified.*,
    respondents.municipality_code is not null as is_respondent,
    respondents.municipality_code is not null and analysed.municipality_code is not null as is_in_analysis_population
from classified
left join respondents
    on
        classified.survey_year = respondents.survey_year
        and classified.municipality_code = respondents.municipality_code
left join analysed
    on
        classified.survey_year = analysed.survey_year
        and classified.municipality_code = analysed.municipality_code
order by classified.survey_year, classified.municipality_code
