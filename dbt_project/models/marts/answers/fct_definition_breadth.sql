with municipalities as (

    select * from {{ ref('int_municipalities__classified') }}
    where is_respondent

),

linked as (

    select * from {{ ref('int_municipalities__linked') }}

),

-- A box of a multiple choice says by itself whether it is chosen, of a single choice only the chosen option is here.
options as (

    select
        answers.survey_year,
        answers.municipality_code,
        answers.is_asked and answers.status = 'answered' as is_answered,
        questions.concept,
        options.option_key,
        (answers.option_code is null or answers.code = '1') and not options.is_exclusive as is_chosen
    from {{ ref('stg_answers__answers') }} as answers
    inner join {{ ref('stg_questionnaires__questions') }} as questions
        on
            answers.survey_year = questions.survey_year
            and answers.question_id = questions.question_id
    inner join {{ ref('stg_questionnaires__options') }} as options
        on
            answers.survey_year = options.survey_year
            and answers.question_id = options.question_id
            and coalesce(answers.option_code, answers.code) = options.option_code
    where answers.is_current

),

given as (

    select
        survey_year,
        municipality_code,
        count(*) filter (where is_chosen) as indicators,
        coalesce(string_agg(if(is_chosen, option_key, null), ',' order by option_key), '') as indicators_chosen
    from options
    where concept = 'definition_indicators'
    group by survey_year, municipality_code
    having bool_and(is_answered)

),

-- A new definition, none at all, or none that is needed ends what was said before.
ended as (

    select distinct
        survey_year,
        municipality_code
    from options
    where
        is_answered
        and (concept, option_key) in (
            ('definition_new', 'yes'), ('definition_present', 'no'), ('definition_unchanged_reason', 'not_needed')
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
