with questions as (

    select * from {{ ref('dim_question') }}

),

grouped as (

    select * from {{ ref('dim_municipality_group') }}

),

of_questions as (

    select
        survey_year,
        question_id,
        municipality_code,
        bool_or(is_asked) as is_asked,
        any_value(question_status) as status
    from {{ ref('fct_answers') }}
    group by survey_year, question_id, municipality_code

),

questions_answered as (

    select distinct
        survey_year,
        question_id
    from of_questions

),

-- A class without anybody keeps its row: 0 of 0. 'unknown' is no class, and a row only where somebody is in it.
registered as (

    select
        questions_answered.survey_year,
        questions_answered.question_id,
        categories.breakdown,
        categories.category,
        count(grouped.municipality_code) as registered
    from questions_answered
    cross join {{ ref('dim_category') }} as categories
    left join grouped
        on
            questions_answered.survey_year = grouped.survey_year
            and categories.breakdown = grouped.breakdown
            and categories.category = grouped.category
            and grouped.population = 'municipalities'
    -- Response is of everybody, so by what the registers say of everybody.
    where categories.origin = 'registers'
    group by
        questions_answered.survey_year, questions_answered.question_id, categories.breakdown, categories.category
    having count(grouped.municipality_code) > 0 or categories.category != 'unknown'

),

counted as (

    select
        registered.survey_year,
        registered.question_id,
        registered.breakdown,
        registered.category,
        registered.registered,
        count(of_questions.municipality_code) as respondents,
        count(*) filter (where of_questions.is_asked) as asked,
        {{ counted_statuses('of_questions') }}
    from registered
    left join grouped
        on
            registered.survey_year = grouped.survey_year
            and registered.breakdown = grouped.breakdown
            and registered.category = grouped.category
            and grouped.population = 'respondents'
    left join of_questions
        on
            registered.survey_year = of_questions.survey_year
            and registered.question_id = of_questions.question_id
            and grouped.municipality_code = of_questions.municipality_code
    group by
        registered.survey_year, registered.question_id, registered.breakdown, registered.category, registered.registered

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
    counted.registered,
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
order by counted.survey_year, questions.question_position, counted.breakdown, counted.category
