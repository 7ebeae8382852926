with plausibility as (

    select * from {{ ref('fct_plausibility') }}
    where status = 'warning'

),

rules as (

    select * from {{ ref('stg_plausibility__rules') }}

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

municipalities as (

    select * from {{ ref('dim_municipality_year') }}

),

newest as (

    select
        max(survey_year) filter (where respondents > 0) as survey_year,
        if(bool_or(origin = 'synthetic'), 'synthetic', 'real') as origin
    from survey_years

),

open_questions as (

    select
        plausibility.*,
        newest.origin,
        count(*) over (of_municipality) as questions,
        sum(plausibility.deviation) over (of_municipality) as total_deviation
    from plausibility
    inner join newest
        on plausibility.survey_year = newest.survey_year
    window of_municipality as (partition by plausibility.municipality_code)

)

select
    open_questions.survey_year,
    open_questions.reference_year,
    cast(dense_rank() over (municipalities_in_order) as integer) as call_no,
    open_questions.municipality_code,
    municipalities.municipality_name,
    municipalities.province,
    cast(open_questions.questions as integer) as questions,
    cast(
        row_number() over (
            partition by open_questions.municipality_code
            order by open_questions.deviation desc nulls last, open_questions.rule_no asc
        ) as integer
    ) as question_no,
    open_questions.rule,
    rules.label_nl,
    rules.label_en,
    open_questions.question_ids,
    open_questions.value,
    open_questions.other_value,
    open_questions.last_year_value,
    open_questions.lower_limit,
    open_questions.upper_limit,
    open_questions.deviation,
    open_questions.ask_nl,
    open_questions.ask_en,
    open_questions.origin
from open_questions
inner join rules
    on open_questions.rule = rules.rule
inner join municipalities
    on
        open_questions.survey_year = municipalities.survey_year
        and open_questions.municipality_code = municipalities.municipality_code
window
    municipalities_in_order as (
        order by
            open_questions.questions desc,
            open_questions.total_deviation desc nulls last,
            open_questions.municipality_code asc
    )
order by call_no, question_no
