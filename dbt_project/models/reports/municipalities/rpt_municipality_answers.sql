with answers as (

    select * from {{ ref('fct_answers') }}

)

select
    survey_year,
    municipality_code,
    question_position,
    question_id,
    any_value(question_status) as status,
    coalesce(list(option_code order by option_position) filter (where is_selected), []) as chosen,
    max(number) as number
from answers
group by survey_year, municipality_code, question_position, question_id
order by survey_year, municipality_code, question_position
