-- Without the original text and the message that quotes it: what somebody wrote may name people. They stay in the lake.
select
    cast(survey_year as integer) as survey_year,
    cast(delivery as integer) as delivery,
    cast(source_row as integer) as source_row,
    source_column,
    municipality_code,
    question_id,
    scope,
    rule,
    cast(is_resolved as boolean) as is_resolved
from {{ source('answers', 'quarantine') }}
