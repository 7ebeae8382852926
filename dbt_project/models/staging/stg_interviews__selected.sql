select
    cast(survey_year as integer) as survey_year,
    cast(line as integer) as line,
    municipality_code,
    cast(selected_on as date) as selected_on,
    origin
from {{ source('interviews', 'selected') }}
