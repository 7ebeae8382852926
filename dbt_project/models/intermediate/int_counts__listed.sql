-- A survey year without any answer yet is only planned: nobody failed to give a count.
with municipalities as (

    select *
    from {{ ref('int_municipalities__classified') }}
    qualify bool_or(is_respondent) over (partition by survey_year)

),

concepts as (

    select unnest({{ vve_counts() }}) as concept

),

given as (

    select
        answers.survey_year,
        answers.municipality_code,
        questions.concept,
        answers.status,
        case when answers.status = 'answered' then answers.number end as number
    from {{ ref('stg_answers__answers') }} as answers
    inner join {{ ref('stg_questionnaires__questions') }} as questions
        on
            answers.survey_year = questions.survey_year
            and answers.question_id = questions.question_id
    where answers.is_current

),

listed as (

    select
        municipalities.survey_year,
        municipalities.reference_year,
        municipalities.municipality_code,
        concepts.concept,
        given.number,
        if(municipalities.is_respondent, coalesce(given.status, 'not_asked'), 'no_questionnaire') as status
    from municipalities
    cross join concepts
    left join given
        on
            municipalities.survey_year = given.survey_year
            and municipalities.municipality_code = given.municipality_code
            and concepts.concept = given.concept

),

given_before as (

    select
        continued.survey_year,
        continued.municipality_code,
        listed.concept,
        max(continued.earlier_survey_year) as last_given_survey_year,
        arg_max(continued.earlier_reference_year, continued.earlier_survey_year) as last_given_reference_year,
        arg_max(listed.number, continued.earlier_survey_year) as last_given_number
    from {{ ref('int_municipalities__continued') }} as continued
    inner join listed
        on
            continued.earlier_survey_year = listed.survey_year
            and continued.earlier_municipality_code = listed.municipality_code
    where listed.number is not null
    group by continued.survey_year, continued.municipality_code, listed.concept

)

select
    listed.survey_year,
    listed.reference_year,
    listed.municipality_code,
    listed.concept,
    listed.number,
    listed.status,
    given_before.last_given_number,
    given_before.last_given_survey_year,
    given_before.last_given_reference_year
from listed
left join given_before
    on
        listed.survey_year = given_before.survey_year
        and listed.municipality_code = given_before.municipality_code
        and listed.concept = given_before.concept
order by listed.survey_year, listed.municipality_code, listed.concept
