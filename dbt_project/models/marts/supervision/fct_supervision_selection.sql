with criteria as (

    select * from {{ ref('stg_risk__criteria') }}

),

signals as (

    select * from {{ ref('fct_risk_signals') }}

),

municipalities as (

    select * from {{ ref('int_municipalities__classified') }}

),

counted as (

    select
        signals.survey_year,
        signals.municipality_code,
        criteria.criterion_no,
        criteria.criterion,
        criteria.domain,
        criteria.beside
    from criteria
    inner join signals
        on
            criteria.rule = signals.rule
            and signals.survey_year between criteria.valid_from and coalesce(criteria.valid_to, signals.survey_year)
            and signals.signal = 'triggered'
    group by all
    having
        count(distinct if(criteria.counts = 'subjects', signals.subject, signals.rule))
        >= any_value(criteria.at_least)

),

-- A year that nobody answered yet is no year in which all did not.
answered as (

    select distinct survey_year
    from municipalities
    where is_respondent

),

without_questionnaire as (

    select
        municipalities.survey_year,
        municipalities.municipality_code,
        criteria.criterion_no,
        criteria.criterion,
        criteria.domain,
        criteria.beside
    from criteria
    inner join municipalities
        on
            criteria.valid_from <= municipalities.survey_year
            and coalesce(criteria.valid_to, municipalities.survey_year) >= municipalities.survey_year
    inner join answered
        on municipalities.survey_year = answered.survey_year
    where
        criteria.rule is null
        and not municipalities.is_respondent

),

by_itself as (

    select * from counted
    where beside is null

    union all

    select * from without_questionnaire

),

selected as (

    select * from by_itself

    union all

    select counted.*
    from counted
    semi join by_itself
        on
            counted.survey_year = by_itself.survey_year
            and counted.municipality_code = by_itself.municipality_code
            and counted.beside = by_itself.domain

)

select
    survey_year,
    municipality_code,
    domain,
    list(criterion order by criterion_no) as selected_by
from selected
group by survey_year, municipality_code, domain
order by survey_year, municipality_code, domain
