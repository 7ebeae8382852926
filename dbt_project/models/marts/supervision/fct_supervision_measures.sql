with assessments as (

    select * from {{ ref('fct_risk_assessment') }}
    where is_respondent

),

cases as (

    select * from {{ ref('fct_supervision_cases') }}

),

municipalities as (

    select municipalities.*
    from {{ ref('int_municipalities__classified') }} as municipalities
    semi join cases
        on municipalities.survey_year = cases.survey_year

),

risks as (

    select
        survey_year,
        municipality_code,
        risk = 'none' as risk_none,
        risk = 'lea_only' as risk_lea_only,
        risk = 'vve_only' as risk_vve_only,
        risk = 'both' as risk_both,
        lea_signals + vve_signals > 0 as risk_any,
        lea_signals > 0 as risk_lea,
        vve_signals > 0 as risk_vve,
        risk = 'not_assessable' as is_unknown,
        lea_signals = 0 and lea_not_assessable > 0 as is_lea_unknown,
        vve_signals = 0 and vve_not_assessable > 0 as is_vve_unknown
    from assessments

),

-- The report counts per domain those with a possible risk in the questionnaire; who sent none are counted apart.
contacts as (

    select
        municipalities.survey_year,
        municipalities.municipality_code,
        count(cases.domain) > 0 as contact_any,
        municipalities.is_respondent and count(*) filter (where cases.domain = 'lea') > 0 as contact_lea,
        municipalities.is_respondent and count(*) filter (where cases.domain = 'vve') > 0 as contact_vve,
        not municipalities.is_respondent and count(cases.domain) > 0 as contact_without_questionnaire
    from municipalities
    left join cases
        on
            municipalities.survey_year = cases.survey_year
            and municipalities.municipality_code = cases.municipality_code
    group by municipalities.survey_year, municipalities.municipality_code, municipalities.is_respondent

),

outcomes as (

    select
        survey_year,
        municipality_code,
        domain,
        coalesce(outcome = 'no_risk', false) as no_risk,
        coalesce(outcome = 'improvement_agreement', false) as improvement_agreement,
        was_investigated as investigation
    from cases
    where conversation_on is not null

),

members as (

    select
        measure,
        survey_year,
        municipality_code,
        counts,
        case measure
            when 'risk_lea' then is_lea_unknown
            when 'risk_vve' then is_vve_unknown
            else is_unknown
        end as is_unknown
    from risks
    unpivot (
        counts for measure in (
            risk_none, risk_lea_only, risk_vve_only, risk_both, risk_any, risk_lea, risk_vve
        )
    )

    union all

    select
        measure,
        survey_year,
        municipality_code,
        counts,
        false as is_unknown
    from contacts
    unpivot (
        counts for measure in (contact_any, contact_lea, contact_vve, contact_without_questionnaire)
    )

    union all

    select
        domain || '_case_' || outcome as measure,
        survey_year,
        municipality_code,
        counts,
        false as is_unknown
    from outcomes
    unpivot (counts for outcome in (no_risk, improvement_agreement, investigation))

)

select
    measure,
    survey_year,
    municipality_code,
    cast(counts as bigint) as numerator,
    cast(1 as bigint) as denominator,
    cast(is_unknown as bigint) as unknown
from members
order by measure, survey_year, municipality_code
