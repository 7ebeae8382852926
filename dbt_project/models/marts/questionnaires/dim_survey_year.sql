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
    cast(coalesce(municipalities.respondents, 0) as integer) as respondents
from survey_years
left join municipalities
    on survey_years.survey_year = municipalities.survey_year
order by survey_years.survey_year
