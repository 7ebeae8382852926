with municipalities as (

    select * from {{ ref('int_municipalities__classified') }}

),

survey_years as (

    select * from {{ ref('int_survey_years__registered') }}

),

linked as (

    select * from {{ ref('int_municipalities__linked') }}
    where predecessors = 1 and successors = 1

)

select
    municipalities.survey_year,
    municipalities.municipality_code,
    survey_years.survey_year as earlier_survey_year,
    survey_years.reference_year as earlier_reference_year,
    linked.from_code as earlier_municipality_code
from municipalities
inner join survey_years
    on municipalities.survey_year > survey_years.survey_year
inner join linked
    on
        municipalities.register_date = linked.to_date
        and municipalities.municipality_code = linked.to_code
        and survey_years.register_date = linked.from_date
order by municipalities.survey_year, municipalities.municipality_code, survey_years.survey_year
