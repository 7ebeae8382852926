with response as (

    select * from {{ ref('fct_response') }}
    where breakdown = 'total'

),

questions as (

    select * from {{ ref('dim_question') }}

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

-- The questionnaire as a whole has place 0: who answered it at all.
listed as (

    select
        response.survey_year,
        response.reference_year,
        'question' as level,
        questions.question_position as question_no,
        response.question_id,
        response.concept,
        response.item,
        questions.wording_nl,
        questions.wording_en,
        response.registered,
        response.respondents,
        response.asked,
        response.answered,
        response.no_answer,
        response.not_available,
        response.not_collected,
        response.invalid,
        {{ scaled_half_up('response.answered', 'response.asked', 3) }} as response_scaled
    from response
    inner join questions
        on
            response.survey_year = questions.survey_year
            and response.question_id = questions.question_id
    union all by name
    select
        survey_year,
        reference_year,
        'questionnaire' as level,
        0 as question_no,
        max(registered) as registered,
        max(respondents) as respondents,
        {{ scaled_half_up('max(respondents)', 'max(registered)', 3) }} as response_scaled
    from response
    group by survey_year, reference_year

)

select
    listed.survey_year,
    listed.reference_year,
    listed.level,
    cast(listed.question_no as integer) as question_no,
    listed.question_id,
    listed.concept,
    listed.item,
    listed.wording_nl,
    listed.wording_en,
    listed.registered,
    listed.respondents,
    listed.asked,
    listed.answered,
    listed.no_answer,
    listed.not_available,
    listed.not_collected,
    listed.invalid,
    coalesce({{ printed_number('listed.response_scaled', 1, 'nl') }} || '%', '–') as response_text_nl,
    coalesce({{ printed_number('listed.response_scaled', 1, 'en') }} || '%', '–') as response_text_en,
    survey_years.origin
from listed
inner join survey_years
    on listed.survey_year = survey_years.survey_year
order by listed.survey_year, listed.question_no
