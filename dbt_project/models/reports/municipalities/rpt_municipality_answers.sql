with answers as (

    select * from {{ ref('fct_answers') }}

)

-- Of a multiple choice some options can be invalid while others are answered: it is answered then.
select
    survey_year,
    municipality_code,
    question_position,
    question_id,
    if(bool_or(status = 'answered'), 'answered', min(status)) as status,
    coalesce(list(option_code order by option_position) filter (where is_selected), []) as chosen,
    max(number) as number
from answers
group by survey_year, municipality_code, question_position, question_id
order by survey_year, municipality_code, question_position
