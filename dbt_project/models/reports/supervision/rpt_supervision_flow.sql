with moves as (

    select * from {{ ref('stg_supervision__moves') }}

),

assessments as (

    select * from {{ ref('fct_risk_assessment') }}

),

events as (

    select * from {{ ref('stg_supervision__events') }}

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

domains as (

    select unnest(['all', 'lea', 'vve']) as domain

),

analysed as (

    select
        assessments.survey_year,
        assessments.municipality_code,
        assessments.is_respondent,
        domains.domain,
        case domains.domain
            when 'lea' then assessments.lea_signals
            when 'vve' then assessments.vve_signals
            else assessments.lea_signals + assessments.vve_signals
        end as signals,
        case domains.domain
            when 'lea' then assessments.lea_not_assessable
            when 'vve' then assessments.vve_not_assessable
            else assessments.lea_not_assessable + assessments.vve_not_assessable
        end as not_assessable
    from assessments
    cross join domains

),

members as (

    select
        survey_year,
        municipality_code,
        domain,
        'questionnaire' as step
    from analysed
    where is_respondent

    union all

    select
        survey_year,
        municipality_code,
        domain,
        case
            when signals > 0 then 'possible_risk'
            when not_assessable > 0 then 'not_assessable'
            else 'no_possible_risk'
        end as step
    from analysed
    where is_respondent

    union all

    select
        survey_year,
        municipality_code,
        domain,
        event as step
    from events

    -- A municipality with a case in both domains counts once in the total.
    union all

    select distinct
        survey_year,
        municipality_code,
        'all' as domain,
        event as step
    from events

),

counted as (

    select
        members.survey_year,
        members.domain,
        members.step,
        count(distinct members.municipality_code) as municipalities,
        count(distinct members.municipality_code) filter (where not assessments.is_respondent) as without_questionnaire
    from members
    inner join assessments
        on
            members.survey_year = assessments.survey_year
            and members.municipality_code = assessments.municipality_code
    group by members.survey_year, members.domain, members.step

),

recorded as (

    select
        survey_year,
        max(origin) as origin
    from events
    group by survey_year

),

analysed_years as (

    select distinct survey_year from assessments

)

select
    survey_years.survey_year,
    survey_years.reference_year,
    moves.step_no,
    moves.step,
    moves.label_nl,
    moves.label_en,
    moves.after,
    domains.domain,
    coalesce(counted.municipalities, 0) as municipalities,
    coalesce(counted.without_questionnaire, 0) as without_questionnaire,
    -- Who sent no questionnaire can be selected all the same: the base of both is the register.
    case
        when moves.is_first or moves.after is null then survey_years.municipalities
        else coalesce(before.municipalities, 0)
    end as base,
    greatest(survey_years.origin, recorded.origin) as origin
from moves
cross join domains
cross join analysed_years
inner join survey_years
    on analysed_years.survey_year = survey_years.survey_year
left join recorded
    on survey_years.survey_year = recorded.survey_year
left join counted
    on
        survey_years.survey_year = counted.survey_year
        and domains.domain = counted.domain
        and moves.step = counted.step
left join counted as before
    on
        survey_years.survey_year = before.survey_year
        and domains.domain = before.domain
        and moves.after = before.step
order by survey_years.survey_year, moves.step_no, domains.domain
