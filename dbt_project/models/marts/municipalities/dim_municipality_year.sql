with municipalities as (

    select * from {{ ref('int_municipalities__classified') }}

),

analysed as (

    select
        survey_year,
        municipality_code
    from {{ ref('int_respondents__grouped') }}
    where population != 'respondents' and breakdown = 'total'

)

select
    municipalities.municipality_code,
    municipalities.survey_year,
    municipalities.reference_year,
    municipalities.register_date,
    municipalities.municipality_name,
    municipalities.province_code,
    municipalities.province,
    municipalities.urbanisation_class,
    municipalities.urbanisation_status,
    municipalities.urbanisation_year,
    municipalities.disadvantage_score,
    municipalities.disadvantage_group,
    municipalities.disadvantage_year,
    municipalities.is_respondent,
    analysed.municipality_code is not null as is_in_analysis_population
from municipalities
left join analysed
    on
        municipalities.survey_year = analysed.survey_year
        and municipalities.municipality_code = analysed.municipality_code
order by municipalities.survey_year, municipalities.municipality_code
