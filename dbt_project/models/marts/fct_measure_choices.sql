with measures as (

    select * from {{ ref('stg_reports__measures') }}
    where is_counted

),

terms as (

    select * from {{ ref('int_measures__questions') }}
    where option_key is not null

),

answers as (

    select * from {{ ref('fct_answers') }}

),

counted_as_missing as (

    select distinct
        survey_year,
        question_id
    from terms
    where option_key = 'missing'

),

-- 'missing' stands for an option: was asked, and gave no usable answer.
missing as (

    select
        answers.survey_year,
        answers.municipality_code,
        answers.question_id,
        'missing' as option_key,
        min(answers.status) as status,
        bool_and(answers.status not in ('answered', 'not_asked')) as is_selected
    from answers
    inner join counted_as_missing
        on
            answers.survey_year = counted_as_missing.survey_year
            and answers.question_id = counted_as_missing.question_id
    group by answers.survey_year, answers.municipality_code, answers.question_id

),

choices as (

    select
        survey_year,
        municipality_code,
        question_id,
        option_key,
        status,
        is_selected
    from answers

    union all

    select * from missing

),

chosen as (

    select
        terms.measure,
        terms.survey_year,
        choices.municipality_code,
        count(*) filter (where terms.part = 'count' and choices.is_selected) as counted,
        count(*) filter (where terms.part in ('among', 'each_of') and choices.is_selected) as in_base,
        bool_and(choices.status in ('answered', 'not_asked')) filter (where terms.part = 'count') as is_complete,
        bool_or(choices.status = 'answered') filter (where terms.part = 'count') as has_answered,
        bool_or(choices.status != 'not_asked') filter (where terms.part = 'count') as is_asked
    from terms
    inner join choices
        on
            terms.survey_year = choices.survey_year
            and terms.question_id = choices.question_id
            and terms.option_key = choices.option_key
    group by terms.measure, terms.survey_year, choices.municipality_code

)

select
    chosen.measure,
    chosen.survey_year,
    chosen.municipality_code,
    cast(
        case
            when measures.lowest is null then chosen.counted
            when chosen.counted between measures.lowest and coalesce(measures.highest, chosen.counted) then 1
            else 0
        end as bigint
    ) as numerator,
    cast(case when measures.base = 'each_of' then chosen.in_base else 1 end as bigint) as denominator
from chosen
inner join measures
    on chosen.measure = measures.measure
where
    case measures.base
        when 'answered' then chosen.is_complete and chosen.has_answered
        when 'asked' then chosen.is_asked
        when 'respondents' then true
        else chosen.in_base > 0
    end
