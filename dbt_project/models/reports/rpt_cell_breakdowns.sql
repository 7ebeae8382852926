with catalogue as (

    select * from {{ ref('stg_reports__catalogue') }}
    where kind != 'text' and breakdowns != ''

),

cells as (

    select
        report,
        table_id,
        row_key,
        column_key,
        survey_year
    from {{ ref('rpt_cells') }}

),

measures as (

    select
        measure,
        kind
    from {{ ref('dim_measure') }}

),

members as (

    select * from {{ ref('rpt_cell_members') }}

),

grouped as (

    select * from {{ ref('dim_municipality_group') }}

),

categories as (

    select * from {{ ref('dim_category') }}

),

broken_down as (

    select
        catalogue.*,
        cells.survey_year as cell_survey_year,
        measures.kind as measure_kind,
        unnest(string_split(catalogue.breakdowns, ',')) as broken_down_by
    from catalogue
    inner join cells
        on
            catalogue.report = cells.report
            and catalogue.table_id = cells.table_id
            and catalogue.row_key = cells.row_key
            and catalogue.column_key = cells.column_key
    inner join measures
        on catalogue.measure = measures.measure

),

summed as (

    select
        broken_down.report,
        broken_down.position,
        broken_down.table_id,
        broken_down.row_no,
        broken_down.row_key,
        broken_down.column_no,
        broken_down.column_key,
        broken_down.broken_down_by as breakdown,
        grouped.category,
        broken_down.statistic,
        broken_down.unit,
        broken_down.decimals,
        {{ measured('broken_down.measure_kind') }}
    from broken_down
    inner join members
        on
            broken_down.report = members.report
            and broken_down.table_id = members.table_id
            and broken_down.row_key = members.row_key
            and broken_down.column_key = members.column_key
    inner join grouped
        on
            broken_down.cell_survey_year = grouped.survey_year
            and broken_down.population = grouped.population
            and broken_down.broken_down_by = grouped.breakdown
            and members.municipality_code = grouped.municipality_code
    group by
        broken_down.report,
        broken_down.position,
        broken_down.table_id,
        broken_down.row_no,
        broken_down.row_key,
        broken_down.column_no,
        broken_down.column_key,
        broken_down.broken_down_by,
        grouped.category,
        broken_down.statistic,
        broken_down.unit,
        broken_down.decimals,
        broken_down.measure_kind

),

stated as (

    select
        summed.* exclude (value),
        {{ stated_value() }} as value
    from summed

),

scaled as (

    select
        *,
        {{ scaled_value() }} as scaled_value
    from stated

)

select
    scaled.report,
    scaled.table_id,
    scaled.row_key,
    scaled.column_key,
    scaled.breakdown,
    scaled.category,
    categories.category_no,
    scaled.numerator,
    scaled.denominator,
    scaled.value,
    {{ value_text('nl') }} as value_text_nl,
    {{ value_text('en') }} as value_text_en,
    scaled.n_municipalities
from scaled
left join categories
    on
        scaled.breakdown = categories.breakdown
        and scaled.category = categories.category
order by
    scaled.report, scaled.position, scaled.row_no, scaled.column_no, scaled.breakdown, categories.category_no
