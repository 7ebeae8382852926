with signals as (

    select * from {{ ref('stg_signals__incoming') }}

),

cases as (

    select * from {{ ref('stg_supervision__events') }}

),

interviews as (

    select * from {{ ref('stg_interviews__selected') }}

),

labels as (

    select * from {{ ref('dim_label') }}

),

events as (

    select
        'incoming_signal' as kind,
        signals.survey_year,
        signals.line,
        signals.municipality_code,
        signals.received_on as event_date,
        signals.domain,
        labels.label_nl,
        labels.label_en,
        signals.text,
        signals.origin
    from signals
    inner join labels
        on
            labels.vocabulary = 'signal_source'
            and signals.source = labels.code
    union all by name
    select
        'case' as kind,
        survey_year,
        line,
        municipality_code,
        event_date,
        domain,
        label_nl,
        label_en,
        note as text,
        origin
    from cases
    union all by name
    select
        'interview' as kind,
        interviews.survey_year,
        interviews.line,
        interviews.municipality_code,
        interviews.selected_on as event_date,
        labels.label_nl,
        labels.label_en,
        interviews.origin
    from interviews
    inner join labels
        on
            labels.vocabulary = 'dossier_event'
            and labels.code = 'interview'

)

select
    kind,
    survey_year,
    line,
    municipality_code,
    event_date,
    domain,
    label_nl,
    label_en,
    text,
    origin
from events
order by municipality_code, event_date, kind, survey_year, line
