with grouped as (

    select * from {{ ref('int_respondents__grouped') }}

),

categories as (

    select * from {{ ref('dim_category') }}

),

populations as (

    select distinct
        survey_year,
        population,
        breakdown
    from grouped

)

-- 'unknown' only where somebody is in it: it is no class, but the lack of one.
select
    populations.survey_year,
    populations.population,
    populations.breakdown,
    categories.category
from populations
inner join categories
    on populations.breakdown = categories.breakdown
where categories.category != 'unknown'

union

select
    survey_year,
    population,
    breakdown,
    category
from grouped
order by survey_year, population, breakdown, category
