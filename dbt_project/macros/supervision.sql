{# The first records of cases that no criterion selects and no note explains. Of one whose ground can have gone since (a semi join keeps
   it, an anti join leaves it out), an answer that a criterion of its domain reads in its survey year was corrected, came anew and was
   another one, or came with a later delivery than the first only; of 'no questionnaire', any answer that came so late. #}
{% macro cases_without_selection(join) -%}
    with criteria as (

        select
            criteria.domain,
            counted.rule,
            greatest(criteria.valid_from, counted.valid_from) as valid_from,
            least(criteria.valid_to, counted.valid_to) as valid_to
        from {{ ref('stg_risk__criteria') }} as criteria
        inner join {{ ref('stg_risk__criteria') }} as counted
            on counted.domain in (criteria.domain, criteria.beside)

    ),

    questions as (

        select * from {{ ref('stg_questionnaires__questions') }}

    ),

    read_by_criteria as (

        select
            criteria.domain,
            questions.survey_year,
            questions.question_id,
            criteria.rule is null as is_late_only
        from criteria
        inner join questions
            on questions.survey_year between criteria.valid_from and coalesce(criteria.valid_to, questions.survey_year)
        left join {{ ref('stg_risk__rules') }} as rules
            on
                criteria.rule = rules.rule
                and questions.survey_year between rules.valid_from and coalesce(rules.valid_to, questions.survey_year)
        where
            criteria.rule is null
            or (
                questions.item is not distinct from rules.item
                and questions.concept in (rules.concept, rules.settled_concept)
            )
            or (rules.concept = 'places_sufficiency' and questions.concept in ('places', 'target_toddlers'))

    ),

    changed as (

        select
            survey_year,
            municipality_code,
            question_id,
            min(delivery) > 1 as is_late
        from {{ ref('stg_answers__answers') }}
        group by survey_year, municipality_code, question_id, option_code
        having bool_or(is_corrected) or is_late or count(distinct (is_asked, status, code, number)) > 1

    ),

    ground_can_have_gone as (

        select
            changed.survey_year,
            changed.municipality_code,
            read_by_criteria.domain
        from changed
        inner join read_by_criteria
            on
                changed.survey_year = read_by_criteria.survey_year
                and changed.question_id = read_by_criteria.question_id
                and (changed.is_late or not read_by_criteria.is_late_only)

    )

    select
        'data/supervision/' || events.survey_year || '.csv, line ' || events.line as record,
        events.municipality_code,
        events.domain,
        cast(events.event_date as varchar) as selected_on
    from {{ ref('stg_supervision__events') }} as events
    inner join {{ ref('fct_supervision_cases') }} as cases
        on
            events.survey_year = cases.survey_year
            and events.municipality_code = cases.municipality_code
            and events.domain = cases.domain
    {{ join }} join ground_can_have_gone
        on
            events.survey_year = ground_can_have_gone.survey_year
            and events.municipality_code = ground_can_have_gone.municipality_code
            and events.domain = ground_can_have_gone.domain
    where
        cases.selected_by is null
        and events.is_first
        and events.note is null
    order by events.survey_year, events.line
{%- endmacro %}
