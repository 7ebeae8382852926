-- A supervisor's note may name people: only the dossiers read it, and no copy of the warehouse takes their schema in.
select
    cast(survey_year as integer) as survey_year,
    cast(line as integer) as line,
    municipality_code,
    domain,
    event,
    label_nl,
    label_en,
    cast(event_date as date) as event_date,
    cast(is_first as boolean) as is_first,
    cast(is_outcome as boolean) as is_outcome,
    cast(is_closing as boolean) as is_closing,
    cast(note as varchar) as note,
    origin
from {{ source('supervision', 'events') }}
