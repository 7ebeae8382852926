select
    cast(survey_year as integer) as survey_year,
    coder,
    municipality_code,
    question_id,
    text,
    code,
    coder = 'settled' as is_settled
from {{ source('coding', 'coded') }}
