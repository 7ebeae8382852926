with municipalities as (

    select * from {{ ref('int_municipalities__classified') }}

),

questions as (

    select
        survey_year,
        concept,
        min(question_id) as question_id
    from {{ ref('stg_questionnaires__questions') }}
    group by survey_year, concept

),

-- Whatever a rule looks at: the counts, and the number of indicators of a definition with which they are.
given as (

    select
        survey_year,
        municipality_code,
        concept,
        number,
        null as choice,
        status
    from {{ ref('int_counts__listed') }}

    union all

    select
        municipalities.survey_year,
        municipalities.municipality_code,
        'definition_indicators' as concept,
        breadth.indicators as number,
        breadth.indicators_chosen as choice,
        case
            when not municipalities.is_respondent then 'no_questionnaire'
            when breadth.indicators is null then 'unknown'
            else 'answered'
        end as status
    from municipalities
    left join {{ ref('fct_definition_breadth') }} as breadth
        on
            municipalities.survey_year = breadth.survey_year
            and municipalities.municipality_code = breadth.municipality_code

),

rules as (

    select * from {{ ref('stg_plausibility__rules') }}

),

-- Narrow, and complete before it is joined with the texts of its rule: every join of wide rows holds them in memory.
compared as materialized (

    select
        municipalities.survey_year,
        municipalities.reference_year,
        municipalities.municipality_code,
        rules.rule as of_rule,
        concat_ws(', ', question.question_id, other_question.question_id) as question_ids,
        this_year.number as value,
        other.number as other_value,
        last_year.number as last_year_value,
        if(rules.other_concept is null, last_year.number, other.number) as compared_value,
        continued.earlier_reference_year as last_reference_year,
        this_year.choice != last_year.choice as is_other_choice,
        confirmations.confirmed_on,
        case
            when this_year.status != 'answered' then this_year.status
            when rules.other_concept is not null then nullif(other.status, 'answered')
            when last_year.status is null then 'no_last_year'
            when last_year.status != 'answered' then 'last_year_' || last_year.status
        end as not_assessable_reason
    from municipalities
    inner join rules
        on municipalities.survey_year between rules.valid_from and coalesce(rules.valid_to, municipalities.survey_year)
    inner join given as this_year
        on
            municipalities.survey_year = this_year.survey_year
            and municipalities.municipality_code = this_year.municipality_code
            and rules.concept = this_year.concept
    left join given as other
        on
            municipalities.survey_year = other.survey_year
            and municipalities.municipality_code = other.municipality_code
            and rules.other_concept = other.concept
    left join {{ ref('int_municipalities__continued') }} as continued
        on
            municipalities.survey_year = continued.survey_year
            and municipalities.municipality_code = continued.municipality_code
            and municipalities.survey_year - 1 = continued.earlier_survey_year
    left join given as last_year
        on
            continued.earlier_survey_year = last_year.survey_year
            and continued.earlier_municipality_code = last_year.municipality_code
            and rules.concept = last_year.concept
    left join questions as question
        on
            municipalities.survey_year = question.survey_year
            and rules.concept = question.concept
    left join questions as other_question
        on
            municipalities.survey_year = other_question.survey_year
            and rules.other_concept = other_question.concept
    -- What was confirmed is this very number: another one is a new question.
    left join {{ ref('stg_plausibility__confirmations') }} as confirmations
        on
            municipalities.survey_year = confirmations.survey_year
            and municipalities.municipality_code = confirmations.municipality_code
            and rules.rule = confirmations.rule
            and this_year.number = confirmations.value

),

by_rule as (

    select
        compared.*,
        rules.*
    from compared
    inner join rules
        on compared.of_rule = rules.rule

),

judged as (

    select
        *,
        case
            when not_assessable_reason is null and at_least is not null
                then greatest(least(at_least * compared_value, compared_value - margin), 0)
        end as lower_limit,
        case
            when not_assessable_reason is null and at_most is not null
                then greatest(at_most * compared_value, compared_value + margin)
        end as upper_limit,
        case kind
            when 'equal_to_last_year' then value = last_year_value and value >= smallest
            when 'choice_changed' then is_other_choice
            else coalesce(value < lower_limit, false) or coalesce(value > upper_limit, false)
        end as is_odd,
        case
            when not_assessable_reason is not null then 'not_assessable'
            when is_odd then if(confirmed_on is null, 'warning', 'confirmed')
            else 'ok'
        end as status
    from by_rule

)

select
    municipality_code,
    survey_year,
    reference_year,
    rule_no,
    rule,
    kind,
    concept,
    other_concept,
    question_ids,
    status,
    not_assessable_reason,
    if(status = 'confirmed', confirmed_on, null) as confirmed_on,
    value,
    other_value,
    last_year_value,
    cast(lower_limit as decimal(18, 3)) as lower_limit,
    cast(upper_limit as decimal(18, 3)) as upper_limit,
    if(status = 'not_assessable' or kind = 'choice_changed', null, abs(value - compared_value)) as deviation,
    case when status = 'warning' then {{ asked_of_municipality('nl') }} end as ask_nl,
    case when status = 'warning' then {{ asked_of_municipality('en') }} end as ask_en
from judged
order by survey_year, municipality_code, rule_no
