-- What somebody wrote may name people: only the dossiers read it, and no copy of the warehouse takes their schema in.
select
    cast(survey_year as integer) as survey_year,
    municipality_code,
    question_id,
    cast(text as varchar) as text
from {{ source('answers', 'answers') }}
where
    cast(is_current as boolean)
    and status = 'answered'
    and text is not null
