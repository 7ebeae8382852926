with cases as (

    select * from {{ ref('fct_supervision_cases') }}

),

municipalities as (

    select * from {{ ref('dim_municipality_year') }}

)

select
    cases.survey_year,
    cases.reference_year,
    cases.municipality_code,
    municipalities.municipality_name,
    municipalities.province,
    cases.domain,
    cases.is_respondent,
    cases.selected_by,
    cases.selected_on,
    cases.conversation_on,
    cases.outcome,
    cases.was_investigated,
    cases.last_event,
    cases.closed_on,
    cases.is_closed,
    cases.age_days
from cases
inner join municipalities
    on
        cases.survey_year = municipalities.survey_year
        and cases.municipality_code = municipalities.municipality_code
order by cases.survey_year, cases.municipality_code, cases.domain
