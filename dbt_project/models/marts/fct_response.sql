with answers as (

    select * from {{ ref('fct_answers') }}

),

questions as (

    select * from {{ ref('dim_question') }}

),

grouped as (

    select * from {{ ref('dim_municipality_group') }}
    where breakdown in ('total', 'urbanisation_class', 'disadvantage_group', 'province')

),

-- A multiple choice has a status per option: it is answered when any of them is.
of_questions as (

    select
        survey_year,
        question_id,
        municipality_code,
        bool_or(is_asked) as is_asked,
        case
            when bool_or(status = 'answered') then 'answered'
            when bool_or(status = 'invalid') then 'invalid'
            when bool_or(status = 'not_asked') then 'no_answer'
            else max(status)
        end as status
    from answers
    group by survey_year, question_id, municipality_code

),

registered as (

    select
        survey_year,
        breakdown,
        category,
        count(*) as registered
    from grouped
    where population = 'municipalities'
    group by survey_year, breakdown, category

),

counted as (

    select
        of_questions.survey_year,
        of_questions.question_id,
        grouped.breakdown,
        grouped.category,
        count(*) as respondents,
        count(*) filter (where of_questions.is_asked) as asked,
        count(*) filter (where of_questions.is_asked and of_questions.status != 'not_collected') as base,
        count(*) filter (where of_questions.is_asked and of_questions.status = 'answered') as answered,
        count(*) filter (where of_questions.is_asked and of_questions.status = 'no_answer') as no_answer,
        count(*) filter (where of_questions.is_asked and of_questions.status = 'not_available') as not_available,
        count(*) filter (where of_questions.is_asked and of_questions.status = 'not_collected') as not_collected,
        count(*) filter (where of_questions.is_asked and of_questions.status = 'invalid') as invalid
    from of_questions
    inner join grouped
        on
            of_questions.survey_year = grouped.survey_year
            and of_questions.municipality_code = grouped.municipality_code
    where grouped.population = 'respondents'
    group by of_questions.survey_year, of_questions.question_id, grouped.breakdown, grouped.category

)

select
    counted.survey_year,
    questions.reference_year,
    counted.question_id,
    questions.concept,
    questions.item,
    questions.answer_type,
    counted.breakdown,
    counted.category,
    registered.registered,
    counted.respondents,
    counted.asked,
    counted.base,
    counted.answered,
    counted.no_answer,
    counted.not_available,
    counted.not_collected,
    counted.invalid,
    {{ quotient('counted.answered', 'counted.base') }} as response
from counted
inner join questions
    on
        counted.survey_year = questions.survey_year
        and counted.question_id = questions.question_id
inner join registered
    on
        counted.survey_year = registered.survey_year
        and counted.breakdown = registered.breakdown
        and counted.category = registered.category
order by counted.survey_year, questions.question_position, counted.breakdown, counted.category
