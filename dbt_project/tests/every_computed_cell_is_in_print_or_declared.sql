-- Reconciliation the other way round: a number of a printed report is in print, or the catalogue says why it is not (not_in_print);
-- and what it says is not in print is not.
with printed as (

    select distinct
        report,
        place,
        row_label,
        column_label,
        printed_as
    from {{ ref('stg_published_figures__figures') }}
    where not is_empty

),

cells as (

    select
        cells.*,
        tables.place_nl
    from {{ ref('rpt_cells') }} as cells
    inner join {{ ref('rpt_tables') }} as tables
        on
            cells.report = tables.report
            and cells.table_id = tables.table_id
    inner join {{ ref('dim_report') }} as reports
        on
            cells.report = reports.report
            and not reports.is_standing

)

select
    cells.report,
    cells.table_id,
    cells.row_key,
    cells.column_key,
    cells.value_text_nl,
    nullif(cells.not_in_print_nl, '') as declared_reason,
    printed.report is not null as is_in_print
from cells
left join printed
    on
        cells.report = printed.report
        and cells.place_nl = printed.place
        and cells.row_label_nl = printed.row_label
        and cells.column_label_nl = printed.column_label
        and cells.printed_as = printed.printed_as
where
    cells.value is not null
    and (printed.report is null) = (cells.not_in_print_nl = '')
order by cells.report, cells.table_id, cells.row_no, cells.column_no
