with cases as (

    select * from {{ ref('fct_supervision_cases') }}
    where not is_closed

),

events as (

    select * from {{ ref('stg_supervision__events') }}

),

municipalities as (

    select * from {{ ref('dim_municipality_year') }}

),

newest as (

    select
        survey_year,
        municipality_code,
        domain,
        max(event_date) as last_event_on,
        arg_max(label_nl, line) as last_event_label_nl,
        arg_max(label_en, line) as last_event_label_en
    from events
    group by survey_year, municipality_code, domain

)

select
    cases.survey_year,
    cases.reference_year,
    cases.domain,
    cases.municipality_code,
    municipalities.municipality_name,
    municipalities.province,
    cases.selected_on,
    cases.selected_by,
    cases.last_event,
    newest.last_event_label_nl,
    newest.last_event_label_en,
    newest.last_event_on,
    cases.age_days,
    cast(cases.recorded_to - newest.last_event_on as integer) as waiting_days,
    cases.recorded_to,
    cases.origin
from cases
inner join municipalities
    on
        cases.survey_year = municipalities.survey_year
        and cases.municipality_code = municipalities.municipality_code
inner join newest
    on
        cases.survey_year = newest.survey_year
        and cases.municipality_code = newest.municipality_code
        and cases.domain = newest.domain
order by cases.survey_year asc, cases.age_days desc, waiting_days desc, cases.municipality_code asc, cases.domain asc
