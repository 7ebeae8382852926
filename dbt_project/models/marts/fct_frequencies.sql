with answers as (

    select * from {{ ref('fct_answers') }}

),

members as (

    select * from {{ ref('int_respondents__grouped') }}

),

counted as (

    select
        answers.survey_year,
        answers.reference_year,
        answers.question_id,
        answers.question_position,
        answers.option_code,
        answers.option_position,
        answers.option_key,
        answers.concept,
        answers.item,
        answers.answer_type,
        members.population,
        members.breakdown,
        members.category,
        count(*) filter (where answers.is_selected) as chosen,
        count(*) filter (where answers.status = 'answered') as base,
        count(*) filter (where answers.status = 'not_asked') as not_asked,
        count(*) filter (where answers.status = 'no_answer') as no_answer,
        count(*) filter (where answers.status = 'not_available') as not_available,
        count(*) filter (where answers.status = 'not_collected') as not_collected,
        count(*) filter (where answers.status = 'invalid') as invalid,
        count(*) as respondents
    from answers
    inner join members
        on
            answers.survey_year = members.survey_year
            and answers.municipality_code = members.municipality_code
    group by all

)

select
    survey_year,
    reference_year,
    question_id,
    option_code,
    option_key,
    concept,
    item,
    answer_type,
    population,
    breakdown,
    category,
    case when option_code is null then base else chosen end as count,
    base,
    case when option_code is not null then chosen / nullif(base, 0) end as share,
    case when option_code is not null then {{ percent_half_up('chosen', 'base', 0) }} end as percent_0,
    case when option_code is not null then {{ percent_half_up('chosen', 'base', 1) }} end as percent_1,
    not_asked,
    no_answer,
    not_available,
    not_collected,
    invalid,
    respondents
from counted
order by survey_year, question_position, option_position, population, breakdown, category
