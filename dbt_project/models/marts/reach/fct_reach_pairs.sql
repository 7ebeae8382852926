{#- Each pair of years beside each other, municipality by municipality: what a change in reach is made of. -#}
with reach as (

    select * from {{ ref('fct_reach') }}

),

unchanged as (

    select
        from_date,
        to_date,
        from_code as municipality_code
    from {{ ref('int_municipalities__linked') }}
    where is_unchanged

),

-- A year in which nobody gave both counts has no reach, and is stepped over.
years as (

    select
        survey_years.survey_year,
        survey_years.reference_year,
        survey_years.register_date
    from {{ ref('int_survey_years__registered') }} as survey_years
    semi join reach
        on
            survey_years.survey_year = reach.survey_year
            and reach.is_complete

),

pairs as (

    select
        lag(survey_year) over (order by reference_year) as from_survey_year,
        lag(reference_year) over (order by reference_year) as from_reference_year,
        lag(register_date) over (order by reference_year) as from_register_date,
        survey_year as to_survey_year,
        reference_year as to_reference_year,
        register_date as to_register_date
    from years
    qualify from_survey_year is not null

),

sides as (

    select
        pairs.*,
        reach.municipality_code,
        reach.survey_year = pairs.from_survey_year as is_from,
        reach.target_toddlers,
        reach.reached_toddlers,
        reach.is_complete,
        unchanged.municipality_code is not null as is_unchanged,
        case when unchanged.municipality_code is null then is_from end as own_side
    from pairs
    inner join reach
        on reach.survey_year in (pairs.from_survey_year, pairs.to_survey_year)
    left join unchanged
        on
            pairs.from_register_date = unchanged.from_date
            and pairs.to_register_date = unchanged.to_date
            and reach.municipality_code = unchanged.municipality_code

),

-- Both years of an unchanged municipality are one row; one whose territory changed is another one in the other year.
paired as (

    select
        from_survey_year,
        to_survey_year,
        from_reference_year,
        to_reference_year,
        municipality_code,
        is_unchanged,
        max(target_toddlers) filter (where is_from and is_complete) as target_toddlers_from,
        max(reached_toddlers) filter (where is_from and is_complete) as reached_toddlers_from,
        max(target_toddlers) filter (where not is_from and is_complete) as target_toddlers_to,
        max(reached_toddlers) filter (where not is_from and is_complete) as reached_toddlers_to,
        count(*) as questionnaires
    from sides
    group by
        from_survey_year,
        to_survey_year,
        from_reference_year,
        to_reference_year,
        municipality_code,
        is_unchanged,
        own_side

)

select
    from_survey_year,
    to_survey_year,
    from_reference_year,
    to_reference_year,
    municipality_code,
    case
        when target_toddlers_from is null then 'entering'
        when target_toddlers_to is null then 'leaving'
        else 'continuing'
    end as role,
    case
        when target_toddlers_from is not null and target_toddlers_to is not null then null
        when not is_unchanged then 'territory_changed'
        when questionnaires = 1 then 'not_a_respondent'
        else 'incomplete'
    end as reason,
    coalesce(target_toddlers_from, 0) as target_toddlers_from,
    coalesce(reached_toddlers_from, 0) as reached_toddlers_from,
    coalesce(target_toddlers_to, 0) as target_toddlers_to,
    coalesce(reached_toddlers_to, 0) as reached_toddlers_to
from paired
where target_toddlers_from is not null or target_toddlers_to is not null
order by from_reference_year, municipality_code, role
