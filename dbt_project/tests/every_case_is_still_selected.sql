-- Where answers of a municipality, of the survey year or an earlier one, were corrected or came after the first
-- delivery, the ground on which it was selected can have gone since. What happened stays on record.
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
semi join {{ ref('stg_answers__answers') }} as answers
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
