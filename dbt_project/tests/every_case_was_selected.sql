-- A case begins with a selection: criteria say so, or the note at its first record says why it is a case without them, as after
-- a correction of the answers that it rested on. Any other is refused, by its record.
select
    'data/supervision/' || events.survey_year || '.csv, line ' || events.line as record,
    events.municipality_code,
    events.domain,
    cast(events.event_date as varchar) as selected_on
from {{ ref('stg_supervision__events') }} as events
inner join {{ ref('fct_supervision_cases') }} as cases
    on
        events.survey_year = cases.survey_year
        and events.municipality_code = cases.municipality_code
        and events.domain = cases.domain
where
    cases.selected_by is null
    and events.is_first
    and not events.has_note
order by events.survey_year, events.line
