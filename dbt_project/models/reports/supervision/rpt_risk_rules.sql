with rules as (

    select * from {{ ref('dim_risk_rule') }}

),

signals as (

    select * from {{ ref('fct_risk_signals') }}

),

counted as (

    select
        survey_year,
        rule,
        count(*) filter (where signal = 'triggered') as triggered,
        count(*) filter (where signal = 'not_triggered') as not_triggered,
        count(*) filter (where signal = 'not_assessable') as not_assessable,
        count(*) filter (where signal = 'not_assessable' and is_respondent) as not_assessable_of_respondents
    from signals
    group by survey_year, rule

)

select
    counted.survey_year,
    rules.rule_no,
    rules.rule,
    rules.domain,
    rules.label_nl,
    rules.label_en,
    rules.at_least,
    rules.conditions,
    rules.rests_on,
    counted.triggered,
    counted.not_triggered,
    counted.not_assessable,
    counted.not_assessable_of_respondents
from counted
inner join rules
    on counted.rule = rules.rule
order by counted.survey_year, rules.rule_no
