with facts as (

    select distinct
        measure,
        survey_year,
        population
    from {{ ref('fct_facts') }}

)

select
    facts.measure,
    facts.survey_year,
    facts.population,
    members.municipality_code,
    members.numerator,
    members.denominator,
    members.unknown
from facts
inner join {{ ref('fct_measure_members') }} as members
    on
        facts.measure = members.measure
        and facts.survey_year = members.survey_year
        and coalesce(facts.population = members.population, members.population is null)
inner join {{ ref('dim_municipality_group') }} as grouped
    on
        facts.survey_year = grouped.survey_year
        and facts.population = grouped.population
        and members.municipality_code = grouped.municipality_code
where grouped.breakdown = 'total'
order by all
