-- A case begins with a selection: criteria say so, or the note at its first record says why it is a case without them.
-- Any other is refused by its record, unless the municipality's answers changed: see every_case_is_still_selected.
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
anti join {{ ref('stg_answers__answers') }} as answers
    on
        events.municipality_code = answers.municipality_code
        and events.survey_year >= answers.survey_year
        and answers.is_current
        and (answers.is_corrected or answers.delivery > 1)
where
    cases.selected_by is null
    and events.is_first
    and not events.has_note
order by events.survey_year, events.line
