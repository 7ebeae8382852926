with options as (

    select * from {{ ref('stg_questionnaires__options') }}

),

questions as (

    select * from {{ ref('stg_questionnaires__questions') }}

)

select
    options.survey_year,
    options.question_id,
    options.option_code,
    options.option_position,
    options.option_key,
    options.label_nl,
    options.label_en,
    options.is_exclusive
from options
inner join questions
    on
        options.survey_year = questions.survey_year
        and options.question_id = questions.question_id
order by options.survey_year, questions.question_position, options.option_position
