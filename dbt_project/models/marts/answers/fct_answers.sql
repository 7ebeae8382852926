with answers as (

    select
        *,
        {{ strongest_status(
            'status', 'over (partition by survey_year, municipality_code, question_id)'
        ) }} as question_status
    from {{ ref('stg_answers__answers') }}
    where is_current

),

questions as (

    select * from {{ ref('stg_questionnaires__questions') }}

),

options as (

    select * from {{ ref('stg_questionnaires__options') }}

),

survey_years as (

    select * from {{ ref('stg_questionnaires__survey_years') }}

),

-- One row per option: a multiple choice is delivered that way, a single choice is expanded over its options.
expanded as (

    select
        answers.survey_year,
        answers.municipality_code,
        answers.question_id,
        coalesce(answers.option_code, options.option_code) as option_code,
        answers.is_asked,
        answers.status,
        answers.question_status,
        answers.option_code is null as is_single,
        answers.code,
        answers.number,
        answers.delivery,
        answers.source_row,
        answers.source_column,
        answers.is_corrected
    from answers
    left join options
        on
            answers.survey_year = options.survey_year
            and answers.question_id = options.question_id
            and answers.option_code is null

)

select
    expanded.municipality_code,
    expanded.survey_year,
    survey_years.reference_year,
    expanded.question_id,
    questions.question_position,
    expanded.option_code,
    options.option_position,
    options.option_key,
    questions.concept,
    questions.item,
    questions.answer_type,
    expanded.is_asked,
    expanded.status,
    expanded.question_status,
    case
        when expanded.status != 'answered' or expanded.option_code is null then null
        when expanded.is_single then expanded.code = expanded.option_code
        else expanded.code = '1'
    end as is_selected,
    expanded.number,
    expanded.delivery,
    expanded.source_row,
    expanded.source_column,
    expanded.is_corrected
from expanded
inner join questions
    on
        expanded.survey_year = questions.survey_year
        and expanded.question_id = questions.question_id
inner join survey_years
    on expanded.survey_year = survey_years.survey_year
left join options
    on
        expanded.survey_year = options.survey_year
        and expanded.question_id = options.question_id
        and expanded.option_code = options.option_code
order by
    expanded.survey_year, expanded.municipality_code, questions.question_position, options.option_position
