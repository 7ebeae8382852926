with questions as (

    select * from {{ ref('stg_questionnaires__questions') }}

),

options as (

    select * from {{ ref('stg_questionnaires__options') }}

),

labels as (

    select * from {{ ref('dim_label') }}
    where vocabulary = 'answer_status'

),

-- A question as a whole: the options that were chosen, the number, or why there is neither.
answers as (

    select
        answers.survey_year,
        answers.municipality_code,
        answers.concept,
        answers.item,
        answers.question_id,
        answers.question_position,
        any_value(answers.question_status) as status,
        max(answers.number) as number,
        list(answers.option_key order by answers.option_key) filter (where answers.is_selected) as chosen,
        {%- for language in ['nl', 'en'] %}
            coalesce(
                string_agg(options.label_{{ language }}, '; ' order by answers.option_position)
                filter (where answers.is_selected),
                {{ printed_number('max(answers.number)', 0, language) }},
                any_value(labels.label_{{ language }})
            ) as {{ language }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('fct_answers') }} as answers
    inner join labels
        on answers.question_status = labels.code
    left join options
        on
            answers.survey_year = options.survey_year
            and answers.question_id = options.question_id
            and answers.option_code = options.option_code
    where answers.answer_type != 'text'
    group by all

),

continued as (

    select * from {{ ref('int_municipalities__continued') }}

),

compared as (

    select
        now.survey_year,
        now.municipality_code,
        now.question_id,
        now.question_position,
        questions.comparability,
        earlier.survey_year as earlier_survey_year,
        earlier.question_id as earlier_question_id,
        now.nl as answer_nl,
        now.en as answer_en,
        earlier.nl as earlier_answer_nl,
        earlier.en as earlier_answer_en,
        (
            now.status != earlier.status
            or now.number is distinct from earlier.number
            or now.chosen is distinct from earlier.chosen
        )
        and 'answered' in (now.status, earlier.status)
        and len(list_intersect([now.status, earlier.status], ['not_asked', 'not_collected'])) = 0 as is_changed
    from answers as now
    inner join questions
        on
            now.survey_year = questions.survey_year
            and now.question_id = questions.question_id
            and questions.comparability in ('same', 'changed')
    inner join continued
        on
            now.survey_year = continued.survey_year
            and now.municipality_code = continued.municipality_code
    inner join answers as earlier
        on
            continued.earlier_survey_year = earlier.survey_year
            and continued.earlier_municipality_code = earlier.municipality_code
            and now.concept = earlier.concept
            and now.item is not distinct from earlier.item
    qualify
        row_number() over (
            partition by now.survey_year, now.municipality_code, now.question_id
            order by earlier.survey_year desc, earlier.question_position asc
        ) = 1

)

select * exclude (is_changed)
from compared
where is_changed
order by survey_year, municipality_code, question_position
