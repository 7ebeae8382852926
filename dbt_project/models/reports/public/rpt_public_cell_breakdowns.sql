with sign as (

    select name as sign
    from {{ ref('stg_disclosure__rules') }}
    where kind = 'sign'

),

numbers as (

    select
        numbers.*,
        catalogue.position,
        catalogue.row_no,
        catalogue.column_no,
        cells.measure,
        cells.survey_year,
        cells.population,
        {{ fact_group(['cells.breakdown', 'cells.category'], ['numbers.breakdown', 'numbers.category'], 'fact') }}
    from {{ ref('rpt_cell_breakdowns') }} as numbers
    inner join {{ ref('rpt_cells') }} as cells
        on
            numbers.report = cells.report
            and numbers.table_id = cells.table_id
            and numbers.row_key = cells.row_key
            and numbers.column_key = cells.column_key
    inner join {{ ref('stg_catalogue__cells') }} as catalogue
        on
            numbers.report = catalogue.report
            and numbers.table_id = catalogue.table_id
            and numbers.row_key = catalogue.row_key
            and numbers.column_key = catalogue.column_key

),

-- What no fact of disclosure control speaks of is withheld, and all of a survey year that is not final: it is broken
-- down in public once (docs/decisions/0073). It is judged all the same, so that the verdicts on other years do not
-- depend on it.
judged as (

    select
        numbers.*,
        sign.sign,
        false as is_national,
        not coalesce(facts.is_public and survey_years.status in ('final', 'revised'), false) as is_withheld
    from numbers
    cross join sign
    left join {{ ref('dim_survey_year') }} as survey_years
        on numbers.survey_year = survey_years.survey_year
    left join {{ ref('fct_disclosure') }} as facts
        on
            numbers.measure = facts.measure
            and numbers.survey_year = facts.survey_year
            and numbers.population = facts.population
            and numbers.fact_breakdown = facts.breakdown
            and numbers.fact_category = facts.category
            and numbers.fact_within_breakdown = facts.within_breakdown
            and numbers.fact_within_category = facts.within_category

),

public as (

    select
        *
        replace (
            {{ public_number() }}
        )
    from judged

)

select
    report,
    table_id,
    row_key,
    column_key,
    breakdown,
    category,
    category_no,
    numerator,
    denominator,
    value,
    value_rounded,
    value_text_nl,
    value_text_en,
    n_municipalities
from public
order by report, position, row_no, column_no, breakdown, category_no
