with respondents as (

    select * from {{ ref('int_municipalities__classified') }}
    where is_respondent

),

answers as (

    select * from {{ ref('stg_answers__answers') }}
    where is_current

),

questions as (

    select * from {{ ref('stg_questionnaires__questions') }}

),

given as (

    select
        answers.survey_year,
        answers.municipality_code,
        questions.concept,
        answers.status,
        case when answers.status = 'answered' then answers.number end as number
    from answers
    inner join questions
        on
            answers.survey_year = questions.survey_year
            and answers.question_id = questions.question_id
    where questions.concept in ('target_toddlers', 'places', 'reached_toddlers')

),

counts as (

    select
        survey_year,
        municipality_code,
        max(number) filter (where concept = 'target_toddlers') as target_toddlers,
        max(number) filter (where concept = 'places') as places,
        max(number) filter (where concept = 'reached_toddlers') as reached_toddlers,
        max(status) filter (where concept = 'target_toddlers') as target_toddlers_status,
        max(status) filter (where concept = 'places') as places_status,
        max(status) filter (where concept = 'reached_toddlers') as reached_toddlers_status
    from given
    group by survey_year, municipality_code

)

select
    respondents.survey_year,
    respondents.reference_year,
    respondents.register_date,
    respondents.municipality_code,
    counts.target_toddlers,
    counts.places,
    counts.reached_toddlers,
    coalesce(counts.target_toddlers_status, 'not_asked') as target_toddlers_status,
    coalesce(counts.places_status, 'not_asked') as places_status,
    coalesce(counts.reached_toddlers_status, 'not_asked') as reached_toddlers_status,
    counts.target_toddlers is not null
    and counts.places is not null
    and counts.reached_toddlers is not null as gives_all_counts
from respondents
left join counts
    on
        respondents.survey_year = counts.survey_year
        and respondents.municipality_code = counts.municipality_code
order by respondents.survey_year, respondents.municipality_code
