with terms as (

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

-- What a respondent said of an option: chosen, or unknown. Of a question that it was not asked it chose nothing.
choices as (

    select
        survey_year,
        municipality_code,
        question_id,
        option_key,
        answer_type = 'multiple' as is_multiple,
        is_asked,
        status = 'not_collected' as is_lost,
        is_asked and status = 'answered' as is_answered,
        is_asked and coalesce(is_selected, false) as is_chosen
    from answers

    union all

    -- 'missing' is an option too: was asked, and gave no usable answer. It is never unknown.
    select
        answers.survey_year,
        answers.municipality_code,
        answers.question_id,
        'missing' as option_key,
        false as is_multiple,
        bool_or(answers.is_asked) as is_asked,
        bool_and(answers.status = 'not_collected') as is_lost,
        bool_or(answers.is_asked) as is_answered,
        bool_and(answers.is_asked and answers.status not in ('answered', 'not_collected')) as is_chosen
    from answers
    inner join counted_as_missing
        on
            answers.survey_year = counted_as_missing.survey_year
            and answers.question_id = counted_as_missing.question_id
    group by answers.survey_year, answers.municipality_code, answers.question_id

),

-- Of a single choice at most one option is unknown, and none when what is missing counts as well.
of_questions as (

    select
        terms.measure,
        terms.part,
        terms.survey_year,
        terms.question_id,
        choices.municipality_code,
        bool_or(choices.is_asked) as is_asked,
        bool_and(choices.is_lost) as is_lost,
        bool_and(choices.is_answered) as is_answered,
        count(*) filter (where choices.is_chosen) as chosen,
        case
            when bool_or(choices.option_key = 'missing' and choices.is_chosen) then 0
            when bool_or(choices.is_multiple)
                then count(*) filter (where choices.is_asked and not choices.is_answered)
            else cast(bool_or(choices.is_asked and not choices.is_answered) as bigint)
        end as unknown
    from terms
    inner join choices
        on
            terms.survey_year = choices.survey_year
            and terms.question_id = choices.question_id
            and terms.option_key = choices.option_key
    group by terms.measure, terms.part, terms.survey_year, terms.question_id, choices.municipality_code

),

of_municipalities as (

    select
        measure,
        survey_year,
        municipality_code,
        sum(chosen) filter (where part = 'count') as chosen,
        sum(unknown) filter (where part = 'count') as unknown,
        coalesce(sum(chosen) filter (where part = 'among'), 0) as among,
        count(*) filter (where part = 'count' and is_asked) as asked,
        count(*) filter (where part = 'count' and is_asked and not is_lost) as based,
        count(*) filter (where part = 'count' and is_asked and not is_lost and unknown > 0) as based_unknown,
        count(*) filter (where part = 'count' and is_asked and is_answered) as answered
    from of_questions
    group by measure, survey_year, municipality_code

),

in_base as (

    select
        of_municipalities.*,
        measures.base,
        measures.lowest,
        measures.highest
    from of_municipalities
    inner join {{ ref('stg_catalogue__measures') }} as measures
        on of_municipalities.measure = measures.measure
    where
        measures.is_counted
        and case measures.base
            when 'asked' then of_municipalities.based > 0
            when 'pooled' then of_municipalities.based > 0
            when 'answered'
                then of_municipalities.answered > 0 and of_municipalities.answered = of_municipalities.asked
            when 'respondents' then true
            when 'among'
                then of_municipalities.among > 0 and (of_municipalities.asked = 0 or of_municipalities.based > 0)
        end

)

-- Between its bounds surely, surely not, or unknown: what is unknown could still be chosen.
select
    measure,
    survey_year,
    municipality_code,
    cast(
        case
            when lowest is null then chosen
            when chosen >= lowest and chosen + unknown <= coalesce(highest, chosen + unknown) then 1
            else 0
        end as bigint
    ) as numerator,
    cast(case base when 'pooled' then based else 1 end as bigint) as denominator,
    cast(
        case
            when base = 'pooled' then based_unknown
            when lowest is null then least(unknown, 1)
            when numerator = 1 or chosen > highest or chosen + unknown < lowest then 0
            else 1
        end as bigint
    ) as unknown
from in_base
