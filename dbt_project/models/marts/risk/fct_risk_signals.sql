with municipalities as (

    select * from {{ ref('int_municipalities__classified') }}

),

rules as (

    select * from {{ ref('stg_risk__rules') }}

),

answers as (

    select * from {{ ref('fct_answers') }}
    where option_key is not null

),

places as (

    select * from {{ ref('fct_places') }}

),

-- What is derived is beside the answers, with its classes for options.
derived as (

    select distinct
        concept,
        option_key
    from rules
    where concept = 'places_sufficiency'

),

given as (

    select
        survey_year,
        municipality_code,
        concept,
        item,
        option_key,
        is_asked,
        status,
        is_selected,
        [
            {
                'question_id': question_id,
                'option_key': option_key,
                'concept': concept,
                'number': cast(null as bigint),
                'status': status
            }
        ] as evidence
    from answers

    union all

    select
        places.survey_year,
        places.municipality_code,
        derived.concept,
        null as item,
        derived.option_key,
        true as is_asked,
        -- Unknown is a class of its own where the municipality has no count; of any other class it says nothing,
        -- and a count that was lost or is invalid says nothing of either.
        case
            when places.sufficiency != 'unknown' then 'answered'
            when 'not_collected' in (places.places_status, places.target_toddlers_status) then 'not_collected'
            when 'invalid' in (places.places_status, places.target_toddlers_status) then 'invalid'
            when derived.option_key = 'unknown' then 'answered'
            else coalesce(nullif(places.places_status, 'answered'), places.target_toddlers_status)
        end as status,
        places.sufficiency = derived.option_key as is_selected,
        [
            {
                'question_id': null,
                'option_key': null,
                'concept': 'places',
                'number': places.places,
                'status': places.places_status
            },
            {
                'question_id': null,
                'option_key': null,
                'concept': 'target_toddlers',
                'number': places.target_toddlers,
                'status': places.target_toddlers_status
            }
        ] as evidence
    from places
    cross join derived

),

-- A year that nobody answered yet is no year in which all did not.
answered as (

    select distinct survey_year
    from municipalities
    where is_respondent

),

asked as (

    select
        municipalities.survey_year,
        municipalities.reference_year,
        municipalities.municipality_code,
        municipalities.is_respondent,
        rules.rule_no,
        rules.rule,
        rules.domain,
        rules.subject,
        rules.at_least,
        rules.condition_no,
        rules.concept,
        rules.item,
        rules.option_key,
        rules.settled_concept,
        rules.settled_option
    from municipalities
    inner join rules
        on municipalities.survey_year between rules.valid_from and coalesce(rules.valid_to, municipalities.survey_year)
    inner join answered
        on municipalities.survey_year = answered.survey_year

),

-- An option holds, or not, or cannot be told. That it was not asked is an answer only when the question before it says
-- so; what was answered all the same is none.
judged as (

    select
        asked.*,
        given.evidence,
        case
            when not given.is_asked and settling.is_selected then false
            when given.status = 'answered' then given.is_selected
        end as holds,
        case
            when not asked.is_respondent then 'no_questionnaire'
            when given.status is null then 'not_in_questionnaire'
            when given.status = 'not_asked' and settling.status != 'answered' then settling.status
            else given.status
        end as status
    from asked
    left join given
        on
            asked.survey_year = given.survey_year
            and asked.municipality_code = given.municipality_code
            and asked.concept = given.concept
            and asked.item is not distinct from given.item
            and asked.option_key = given.option_key
    left join given as settling
        on
            asked.survey_year = settling.survey_year
            and asked.municipality_code = settling.municipality_code
            and asked.settled_concept = settling.concept
            and asked.item is not distinct from settling.item
            and asked.settled_option = settling.option_key

),

conditions as (

    select
        survey_year,
        reference_year,
        municipality_code,
        is_respondent,
        rule_no,
        rule,
        domain,
        subject,
        at_least,
        condition_no,
        case
            when bool_or(holds) then true
            when count(*) = count(holds) then false
        end as condition_holds,
        flatten(list(evidence order by option_key) filter (where holds)) as condition_evidence,
        {{ strongest_status('case when holds is null then status end') }} as missing_status
    from judged
    group by all

)

select
    municipality_code,
    survey_year,
    reference_year,
    is_respondent,
    rule_no,
    rule,
    domain,
    subject,
    case
        when count(*) filter (where condition_holds) >= at_least then 'triggered'
        when count(*) filter (where condition_holds is distinct from false) < at_least then 'not_triggered'
        else 'not_assessable'
    end as signal,
    case
        when signal = 'triggered'
            then flatten(list(condition_evidence order by condition_no) filter (where condition_holds))
    end as evidence,
    case
        when signal = 'not_assessable'
            then list(distinct missing_status order by missing_status) filter (where missing_status is not null)
    end as not_assessable_reasons
from conditions
group by municipality_code, survey_year, reference_year, is_respondent, rule_no, rule, domain, subject, at_least
order by survey_year, municipality_code, rule_no
