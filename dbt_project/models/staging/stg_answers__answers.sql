-- What somebody wrote may name people: free text is in stg_answers__texts alone, stewards' reasons stay in the lake.
select
    cast(survey_year as integer) as survey_year,
    municipality_code,
    question_id,
    cast(option_code as varchar) as option_code,
    cast(is_asked as boolean) as is_asked,
    status,
    cast(code as varchar) as code,
    cast(number as bigint) as number,
    cast(delivery as integer) as delivery,
    cast(source_row as integer) as source_row,
    source_column,
    cast(is_current as boolean) as is_current,
    correction is not null as is_corrected
from {{ source('answers', 'answers') }}
