with signals as (

    select * from {{ ref('fct_risk_signals') }}
    where signal = 'triggered'

),

rules as (

    select * from {{ ref('dim_risk_rule') }}

),

assessments as (

    select * from {{ ref('fct_risk_assessment') }}

),

selected as (

    select * from {{ ref('fct_supervision_selection') }}

),

municipalities as (

    select * from {{ ref('dim_municipality_year') }}

),

options as (

    select * from {{ ref('dim_option') }}

),

labels as (

    select * from {{ ref('dim_label') }}

),

answers as (

    select
        survey_year,
        municipality_code,
        rule,
        unnest(range(1, len(evidence) + 1)) as answer_no,
        unnest(evidence) as answer
    from signals

),

-- An option of a question, or a count: its number, or the status that says why there is none.
said as (

    select
        answers.survey_year,
        answers.municipality_code,
        answers.rule,
        answers.answer_no,
        coalesce(
            answers.answer.question_id || '=' || answers.answer.option_key,
            answers.answer.concept || ' ' || coalesce(cast(answers.answer.number as varchar), answers.answer.status)
        ) as code,
        {%- for language in ['nl', 'en'] %}
            coalesce(
                answers.answer.question_id || ': ' || options.label_{{ language }},
                counts.label_{{ language }}
                || ': '
                || coalesce({{ printed_number('answers.answer.number', 0, language) }}, statuses.label_{{ language }})
            ) as {{ language }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from answers
    left join options
        on
            answers.survey_year = options.survey_year
            and answers.answer.question_id = options.question_id
            and answers.answer.option_key = options.option_key
    left join labels as counts
        on
            counts.vocabulary = 'count'
            and answers.answer.concept = counts.code
    left join labels as statuses
        on
            statuses.vocabulary = 'answer_status'
            and answers.answer.status = statuses.code

),

evidence as (

    select
        survey_year,
        municipality_code,
        rule,
        list({ 'code': code, 'nl': nl, 'en': en } order by answer_no) as evidence
    from said
    group by survey_year, municipality_code, rule

)

select
    signals.survey_year,
    signals.reference_year,
    signals.municipality_code,
    municipalities.municipality_name,
    municipalities.province,
    assessments.risk,
    signals.domain,
    signals.subject,
    signals.rule,
    rules.label_nl as rule_label_nl,
    rules.label_en as rule_label_en,
    evidence.evidence,
    rules.rests_on,
    selected.selected_by is not null as is_selected,
    selected.selected_by
from signals
inner join rules
    on signals.rule = rules.rule
inner join evidence
    on
        signals.survey_year = evidence.survey_year
        and signals.municipality_code = evidence.municipality_code
        and signals.rule = evidence.rule
inner join assessments
    on
        signals.survey_year = assessments.survey_year
        and signals.municipality_code = assessments.municipality_code
inner join municipalities
    on
        signals.survey_year = municipalities.survey_year
        and signals.municipality_code = municipalities.municipality_code
left join selected
    on
        signals.survey_year = selected.survey_year
        and signals.municipality_code = selected.municipality_code
        and signals.domain = selected.domain
order by signals.survey_year, signals.municipality_code, signals.rule_no
