select
    explanations.* exclude (counted_names, base_only_names)
    replace (
        if(cells.breakdown = 'total' and cells.n_municipalities is not null, explanations.counted, null) as counted,
        if(cells.breakdown = 'total' and cells.n_municipalities is not null, explanations.base_only, null) as base_only
    )
from {{ ref('rpt_cell_explanations') }} as explanations
inner join {{ ref('rpt_public_cells') }} as cells
    on
        explanations.report = cells.report
        and explanations.table_id = cells.table_id
        and explanations.row_key = cells.row_key
        and explanations.column_key = cells.column_key
order by explanations.report, explanations.table_id, explanations.explanation_no, cells.column_no
