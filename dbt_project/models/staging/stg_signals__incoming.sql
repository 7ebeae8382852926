select
    cast(survey_year as integer) as survey_year,
    cast(line as integer) as line,
    cast(received_on as date) as received_on,
    municipality_code,
    source,
    domain,
    text,
    origin
from {{ source('signals', 'incoming') }}
