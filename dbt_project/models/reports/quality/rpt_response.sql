with response as (

    select * from {{ ref('fct_response') }}

),

questions as (

    select * from {{ ref('dim_question') }}

),

categories as (

    select * from {{ ref('dim_category') }}

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
        response.breakdown,
        response.category,
        response.registered,
        response.respondents,
        response.asked,
        response.answered,
        response.no_answer,
        response.not_available,
        response.not_collected,
        response.invalid,
        response.base,
        response.answered as responded
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
        breakdown,
        category,
        max(registered) as registered,
        max(respondents) as respondents,
        max(registered) as base,
        max(respondents) as responded
    from response
    group by survey_year, reference_year, breakdown, category

),

judged as (

    select
        *,
        base > 0 and (breakdown = 'total' or base >= {{ fewest_compared() }}) as is_shown
    from listed

),

scaled as (

    select
        *,
        case when is_shown then {{ scaled_half_up('responded', 'base', 3) }} end as response_scaled
    from judged

)

select
    scaled.survey_year,
    scaled.reference_year,
    scaled.level,
    cast(scaled.question_no as integer) as question_no,
    scaled.question_id,
    scaled.concept,
    scaled.item,
    scaled.wording_nl,
    scaled.wording_en,
    scaled.breakdown,
    scaled.category,
    categories.category_no,
    categories.breakdown_label_nl,
    categories.breakdown_label_en,
    categories.label_nl,
    categories.label_en,
    scaled.registered,
    scaled.respondents,
    scaled.asked,
    scaled.answered,
    scaled.no_answer,
    scaled.not_available,
    scaled.not_collected,
    scaled.invalid,
    scaled.base,
    scaled.is_shown,
    scaled.responded,
    case when scaled.is_shown then {{ quotient('scaled.responded', 'scaled.base') }} end as response,
    coalesce({{ printed_number('scaled.response_scaled', 1, 'nl') }} || '%', '–') as response_text_nl,
    coalesce({{ printed_number('scaled.response_scaled', 1, 'en') }} || '%', '–') as response_text_en,
    survey_years.origin
from scaled
inner join categories
    on
        scaled.breakdown = categories.breakdown
        and scaled.category = categories.category
inner join survey_years
    on scaled.survey_year = survey_years.survey_year
order by scaled.survey_year, scaled.question_no, scaled.breakdown, categories.category_no
