with response as (

    select * from {{ ref('rpt_response') }}

),

questions as (

    select
        survey_year,
        question_id,
        routed_on
    from {{ ref('stg_questionnaires__questions') }}

),

rules as (

    select * from {{ ref('stg_disclosure__rules') }}

),

-- The questions of which a national number is withheld.
protected as (

    select distinct
        measured.survey_year,
        measured.question_id
    from {{ ref('fct_disclosure') }} as facts
    inner join {{ ref('int_measures__questions') }} as measured
        on
            facts.measure = measured.measure
            and facts.survey_year = measured.survey_year
    where
        facts.breakdown = 'total'
        and facts.within_breakdown = 'total'
        and not facts.is_public

),

limits as (

    select
        max(name) filter (where kind = 'sign') as sign,
        max(rule_limit) filter (where kind = 'rule' and name = 'too_few') as fewest
    from rules

),

-- How many were asked says how many gave the answer that leads to the question.
withheld as (

    select distinct
        questions.survey_year,
        questions.question_id
    from questions
    inner join protected
        on
            questions.survey_year = protected.survey_year
            and (
                questions.question_id = protected.question_id
                or list_contains(string_split(questions.routed_on, ','), protected.question_id)
            )

),

-- Who responded is public; what a question has for a class is not.
judged as (

    select
        response.*,
        limits.sign,
        response.level = 'question' and (response.base < limits.fewest or withheld.question_id is not null)
            as is_withheld
    from response
    cross join limits
    left join withheld
        on
            response.survey_year = withheld.survey_year
            and response.question_id = withheld.question_id
    left join rules
        on
            rules.kind = 'breakdown'
            and response.breakdown = rules.name
    where
        response.breakdown = 'total'
        or (response.level = 'questionnaire' and rules.name is not null)

)

select
    survey_year,
    reference_year,
    level,
    question_no,
    question_id,
    breakdown,
    category,
    category_no,
    breakdown_label_nl,
    breakdown_label_en,
    label_nl,
    label_en,
    registered,
    respondents,
    case when not is_withheld then base end as base,
    case when not is_withheld then answered end as answered,
    case when not is_withheld then not_collected end as not_collected,
    if(is_withheld, sign, response_text_nl) as response_text_nl,
    if(is_withheld, sign, response_text_en) as response_text_en,
    origin
from judged
order by survey_year, question_no, breakdown, category_no
