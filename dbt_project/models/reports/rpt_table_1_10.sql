with cells as (

    select * from {{ ref('rpt_cells') }}
    where table_id = 'tabel_1_10'

)

select
    report,
    row_no,
    row_key,
    row_label_nl,
    row_label_en,
    cast(max(value) filter (where column_key = 'target_toddlers') as bigint) as target_toddlers,
    cast(max(value) filter (where column_key = 'places') as bigint) as places,
    cast(max(value) filter (where column_key = 'reached_toddlers') as bigint) as reached_toddlers,
    origin
from cells
group by all
order by report, row_no
