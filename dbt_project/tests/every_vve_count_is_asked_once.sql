-- A questionnaire asks at most one question for each of the three vve counts, so that a municipality has one number.
select
    survey_year,
    concept,
    count(*) as questions
from {{ ref('stg_questionnaires__questions') }}
where concept in ('target_toddlers', 'places', 'reached_toddlers')
group by survey_year, concept
having count(*) > 1 or bool_or(answer_type != 'count')
