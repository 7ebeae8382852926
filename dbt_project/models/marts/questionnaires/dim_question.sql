with questions as (

    select * from {{ ref('stg_questionnaires__questions') }}

),

survey_years as (

    select * from {{ ref('stg_questionnaires__survey_years') }}

)

select
    questions.survey_year,
    survey_years.reference_year,
    questions.question_id,
    questions.question_position,
    questions.concept,
    questions.section,
    questions.item,
    questions.answer_type,
    questions.wording_nl,
    questions.wording_en,
    questions.evidence,
    questions.evidence_source,
    questions.is_routed,
    questions.range_min,
    questions.range_max,
    questions.comparability,
    questions.comparability_reason_nl,
    questions.comparability_reason_en
from questions
inner join survey_years
    on questions.survey_year = survey_years.survey_year
order by questions.survey_year, questions.question_position
