-- A cell is summed from its members; the marts count the same things by themselves. Where both speak they say the same.
with marts as (

    select
        measure,
        survey_year,
        population,
        breakdown,
        category,
        numerator,
        denominator,
        n_municipalities
    from {{ ref('fct_measures') }}

    union all

    select
        question_id || '=' || option_key as measure,
        survey_year,
        population,
        breakdown,
        category,
        count as numerator,
        base as denominator,
        base as n_municipalities
    from {{ ref('fct_frequencies') }}
    where option_key is not null

)

select
    cells.report,
    cells.table_id,
    cells.row_key,
    cells.column_key,
    cells.numerator,
    cells.denominator,
    cells.n_municipalities,
    marts.numerator as mart_numerator,
    marts.denominator as mart_denominator,
    marts.n_municipalities as mart_n_municipalities
from {{ ref('rpt_cells') }} as cells
inner join marts
    on
        cells.measure = marts.measure
        and cells.survey_year = marts.survey_year
        and cells.population = marts.population
        and cells.breakdown = marts.breakdown
        and cells.category = marts.category
where
    cells.n_municipalities != marts.n_municipalities
    or cells.numerator is distinct from marts.numerator
    or cells.denominator is distinct from marts.denominator
