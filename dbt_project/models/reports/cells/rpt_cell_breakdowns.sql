with catalogue as (

    select * from {{ ref('stg_catalogue__cells') }}
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
        broken_down.table_id,
        broken_down.row_key,
        broken_down.column_key,
        broken_down.broken_down_by,
        grouped.category,
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
        broken_down.table_id,
        broken_down.row_key,
        broken_down.column_key,
        broken_down.broken_down_by,
        broken_down.measure_kind,
        grouped.category

),

-- A class without anybody in the base keeps its row: 0 of 0. Not classified is a row only where somebody is.
stated as (

    select
        broken_down.report,
        broken_down.position,
        broken_down.table_id,
        broken_down.row_no,
        broken_down.row_key,
        broken_down.column_no,
        broken_down.column_key,
        broken_down.broken_down_by as breakdown,
        categories.category,
        categories.category_no,
        broken_down.statistic,
        broken_down.unit,
        broken_down.decimals,
        coalesce(summed.numerator, case when broken_down.measure_kind = 'ratio' then 0 end) as numerator,
        coalesce(summed.denominator, case when broken_down.measure_kind = 'ratio' then 0 end) as denominator,
        {{ stated_value('broken_down.measure_kind') }} as value,
        coalesce(summed.n_municipalities, 0) as n_municipalities,
        coalesce(summed.n_unknown, 0) as n_unknown
    from broken_down
    inner join categories
        on broken_down.broken_down_by = categories.breakdown
    left join summed
        on
            broken_down.report = summed.report
            and broken_down.table_id = summed.table_id
            and broken_down.row_key = summed.row_key
            and broken_down.column_key = summed.column_key
            and broken_down.broken_down_by = summed.broken_down_by
            and categories.category = summed.category
    where categories.category != 'unknown' or summed.category is not null

),

scaled as (

    select
        *,
        {{ scaled_value() }} as scaled_value
    from stated

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
    {{ rounded_value() }} as value_rounded,
    {{ value_text('nl') }} as value_text_nl,
    {{ value_text('en') }} as value_text_en,
    n_municipalities,
    n_unknown
from scaled
order by report, position, row_no, column_no, breakdown, category_no
