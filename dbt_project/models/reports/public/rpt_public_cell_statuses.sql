select statuses.*
from {{ ref('rpt_cell_statuses') }} as statuses
inner join {{ ref('rpt_public_cells') }} as cells
    on
        statuses.report = cells.report
        and statuses.table_id = cells.table_id
        and statuses.row_key = cells.row_key
        and statuses.column_key = cells.column_key
where cells.breakdown = 'total' and cells.n_municipalities is not null
order by
    cells.report, cells.table_id, cells.row_no, cells.column_no,
    statuses.question_position, statuses.question_id, statuses.status
