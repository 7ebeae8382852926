with municipalities as (

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

options as (

    select * from {{ ref('stg_questionnaires__options') }}

),

linked as (

    select * from {{ ref('int_municipalities__linked') }}

),

given as (

    select
        answers.survey_year,
        answers.municipality_code,
        count(*) filter (where answers.code = '1' and not options.is_exclusive) as indicators,
        coalesce(
            string_agg(
                if(answers.code = '1' and not options.is_exclusive, options.option_key, null), ','
                order by options.option_key
            ),
            ''
        ) as indicators_chosen
    from answers
    inner join questions
        on
            answers.survey_year = questions.survey_year
            and answers.question_id = questions.question_id
    inner join options
        on
            answers.survey_year = options.survey_year
            and answers.question_id = options.question_id
            and answers.option_code = options.option_code
    where questions.concept = 'definition_indicators'
    group by answers.survey_year, answers.municipality_code
    having bool_and(answers.is_asked and answers.status = 'answered')

),

-- A new definition, none at all, or none that is needed ends what was said before.
ended as (

    select distinct
        answers.survey_year,
        answers.municipality_code
    from answers
    inner join questions
        on
            answers.survey_year = questions.survey_year
            and answers.question_id = questions.question_id
    inner join options
        on
            answers.survey_year = options.survey_year
            and answers.question_id = options.question_id
            and answers.code = options.option_code
    where
        answers.is_asked
        and answers.status = 'answered'
        and (
            (questions.concept = 'definition_new' and options.option_key = 'yes')
            or (questions.concept = 'definition_present' and options.option_key = 'no')
            or (questions.concept = 'definition_unchanged_reason' and options.option_key = 'not_needed')
        )

),

-- What a survey year says about a definition: its indicators, or only that an older answer no longer holds.
said as (

    select
        municipalities.survey_year,
        municipalities.register_date,
        municipalities.municipality_code,
        given.indicators,
        given.indicators_chosen
    from municipalities
    left join given
        on
            municipalities.survey_year = given.survey_year
            and municipalities.municipality_code = given.municipality_code
    left join ended
        on
            municipalities.survey_year = ended.survey_year
            and municipalities.municipality_code = ended.municipality_code
    where given.municipality_code is not null or ended.municipality_code is not null

),

-- An answer is carried to the same municipality, or to the only successor of an only predecessor. Where several
-- municipalities became one under a new code, nobody said which of their definitions holds.
carried as (

    select
        municipalities.survey_year,
        municipalities.municipality_code,
        said.survey_year as indicators_survey_year,
        said.indicators,
        said.indicators_chosen
    from municipalities
    inner join linked
        on
            municipalities.register_date = linked.to_date
            and municipalities.municipality_code = linked.to_code
    inner join said
        on
            linked.from_date = said.register_date
            and linked.from_code = said.municipality_code
            and municipalities.survey_year >= said.survey_year
    where
        linked.from_code = linked.to_code
        or (linked.predecessors = 1 and linked.successors = 1)
    qualify
        row_number() over (
            partition by municipalities.survey_year, municipalities.municipality_code
            order by said.survey_year desc
        ) = 1

)

select
    municipalities.municipality_code,
    municipalities.survey_year,
    municipalities.reference_year,
    carried.indicators,
    carried.indicators_chosen,
    case
        when carried.indicators is null then 'unknown'
        when carried.indicators = 0 then 'none'
        when carried.indicators <= 3 then 'narrow'
        when carried.indicators <= 6 then 'middle'
        else 'broad'
    end as definition_breadth,
    case when carried.indicators is not null then carried.indicators_survey_year end as indicators_survey_year,
    coalesce(carried.indicators is not null and carried.indicators_survey_year < municipalities.survey_year, false)
        as is_carried
from municipalities
left join carried
    on
        municipalities.survey_year = carried.survey_year
        and municipalities.municipality_code = carried.municipality_code
order by municipalities.survey_year, municipalities.municipality_code
