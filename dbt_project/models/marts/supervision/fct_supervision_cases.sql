with events as (

    select * from {{ ref('stg_supervision__events') }}

),

municipalities as (

    select * from {{ ref('int_municipalities__classified') }}

),

selected as (

    select * from {{ ref('fct_supervision_selection') }}

),

-- Age is counted to the last thing on record, never to today: the same records give the same numbers.
recorded as (

    select
        survey_year,
        max(event_date) as recorded_to
    from events
    group by survey_year

),

cases as (

    select
        events.municipality_code,
        events.survey_year,
        events.domain,
        min(events.event_date) filter (where events.is_first) as selected_on,
        min(events.event_date) filter (where events.event = 'conversation') as conversation_on,
        arg_max(events.event, events.line) filter (where events.is_outcome) as outcome,
        bool_or(events.event = 'investigation') as was_investigated,
        max(events.event_date) filter (where events.is_closing) as closed_on,
        arg_max(events.event, events.line) as last_event,
        max(events.origin) as origin
    from events
    group by all

)

select
    cases.municipality_code,
    cases.survey_year,
    municipalities.reference_year,
    cases.domain,
    municipalities.is_respondent,
    selected.selected_by,
    cases.selected_on,
    cases.conversation_on,
    cases.outcome,
    cases.was_investigated,
    cases.last_event,
    cases.closed_on,
    cases.closed_on is not null as is_closed,
    recorded.recorded_to,
    cast(coalesce(cases.closed_on, recorded.recorded_to) - cases.selected_on as integer) as age_days,
    cases.origin
from cases
inner join recorded
    on cases.survey_year = recorded.survey_year
inner join municipalities
    on
        cases.survey_year = municipalities.survey_year
        and cases.municipality_code = municipalities.municipality_code
left join selected
    on
        cases.survey_year = selected.survey_year
        and cases.municipality_code = selected.municipality_code
        and cases.domain = selected.domain
order by cases.survey_year, cases.municipality_code, cases.domain
