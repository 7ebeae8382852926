with shown as (

    select
        report,
        table_id,
        row_key,
        column_key,
        column_no,
        breakdown = 'total' and n_municipalities is not null as is_counted
    from {{ ref('rpt_public_cells') }}

),

explanations as (

    select * exclude (counted_names, base_only_names)
    from {{ ref('rpt_cell_explanations') }}

)

select
    explanations.*
    replace (
        if(shown.is_counted, explanations.counted, null) as counted,
        if(shown.is_counted, explanations.base_only, null) as base_only
    )
from explanations
inner join shown
    on
        explanations.report = shown.report
        and explanations.table_id = shown.table_id
        and explanations.row_key = shown.row_key
        and explanations.column_key = shown.column_key
order by explanations.report, explanations.table_id, explanations.explanation_no, shown.column_no
