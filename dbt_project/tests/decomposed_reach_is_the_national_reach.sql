-- The municipalities behind either year of a decomposition are those of the national reach, with the same counts.
with contributions as (

    select * from {{ ref('fct_reach_contributions') }}
    where component != 'between'

),

decomposed as (

    select
        from_reference_year as reference_year,
        sum(reached_toddlers_from) as numerator,
        sum(target_toddlers_from) as denominator
    from contributions
    group by from_reference_year, to_reference_year

    union all

    select
        to_reference_year as reference_year,
        sum(reached_toddlers_to) as numerator,
        sum(target_toddlers_to) as denominator
    from contributions
    group by from_reference_year, to_reference_year

),

national as (

    select
        reference_year,
        numerator,
        denominator
    from {{ ref('fct_measures') }}
    where measure = 'reach_national' and population = 'respondents' and breakdown = 'total'

)

select
    decomposed.*,
    national.numerator as national_numerator,
    national.denominator as national_denominator
from decomposed
left join national
    on decomposed.reference_year = national.reference_year
where
    decomposed.numerator is distinct from national.numerator
    or decomposed.denominator is distinct from national.denominator
