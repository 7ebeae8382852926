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

-- Who responded is public; what a question has for a class is not.
allowed as (

    select response.*
    from response
    where
        response.breakdown = 'total'
        or (
            response.level = 'questionnaire'
            and response.breakdown in (select rules.name from rules where rules.kind = 'breakdown')
        )

),

-- How many were asked says how many gave the answer that leads to the question.
judged as (

    select
        allowed.*,
        limits.sign,
        allowed.level = 'question'
        and (
            allowed.base < limits.fewest
            or exists(
                select 1
                from protected
                where
                    protected.survey_year = allowed.survey_year
                    and (
                        protected.question_id = allowed.question_id
                        or list_contains(string_split(questions.routed_on, ','), protected.question_id)
                    )
            )
        ) as is_withheld
    from allowed
    cross join limits
    left join questions
        on
            allowed.survey_year = questions.survey_year
            and allowed.question_id = questions.question_id

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
