with municipalities as (

    select * from {{ ref('int_municipalities__classified') }}

),

definition_breadth as (

    select * from {{ ref('fct_definition_breadth') }}

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
    municipalities.disadvantage_status,
    municipalities.disadvantage_year,
    definition_breadth.definition_breadth,
    municipalities.is_respondent,
    municipalities.is_in_analysis_population
from municipalities
left join definition_breadth
    on
        municipalities.survey_year = definition_breadth.survey_year
        and municipalities.municipality_code = definition_breadth.municipality_code
order by municipalities.survey_year, municipalities.municipality_code
