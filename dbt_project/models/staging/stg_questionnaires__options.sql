select
    cast(survey_year as integer) as survey_year,
    question_id,
    option_code,
    cast(position as integer) as option_position,
    option_key,
    label_nl,
    label_en,
    cast(exclusive as boolean) as is_exclusive
from {{ source('questionnaires', 'options') }}
