-- Of supervisors' notes it is only known that they are there; they stay in the lake: the warehouse is copied and
-- published, and what somebody wrote may name people.
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
    note is not null as has_note,
    origin
from {{ source('supervision', 'events') }}
