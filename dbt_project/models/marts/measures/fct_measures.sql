with members as (

    select members.*
    from {{ ref('fct_measure_members') }} as members
    anti join {{ ref('stg_catalogue__measures') }} as measures
        on
            members.measure = measures.measure
            and measures.is_option

),

grouped as (

    select
        grouped.*,
        panels.population is not null as is_panel
    from {{ ref('dim_municipality_group') }} as grouped
    left join {{ ref('dim_panel') }} as panels
        on grouped.population = panels.population

),

measures as (

    select
        measure,
        kind
    from {{ ref('dim_measure') }}

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

counted as (

    select
        members.measure,
        members.survey_year,
        grouped.population,
        grouped.breakdown,
        grouped.category,
        {{ measured('measures.kind') }}
    from members
    inner join measures
        on members.measure = measures.measure
    inner join grouped
        on
            members.survey_year = grouped.survey_year
            and members.municipality_code = grouped.municipality_code
    where
        members.population = grouped.population
        or (members.population is null and not grouped.is_panel)
    group by
        members.measure, members.survey_year, grouped.population, grouped.breakdown, grouped.category, measures.kind

)

select
    counted.measure,
    counted.survey_year,
    survey_years.reference_year,
    counted.population,
    counted.breakdown,
    counted.category,
    counted.numerator,
    counted.denominator,
    counted.value,
    counted.lowest,
    counted.highest,
    counted.n_municipalities,
    counted.n_unknown
from counted
inner join survey_years
    on counted.survey_year = survey_years.survey_year
order by counted.measure, counted.survey_year, counted.population, counted.breakdown, counted.category
