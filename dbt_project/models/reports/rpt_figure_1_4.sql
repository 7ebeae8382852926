with cells as (

    select * from {{ ref('rpt_cells') }}
    where table_id = 'figuur_1_4'

)

select
    report,
    row_no,
    reference_year,
    cast(max(value) filter (where column_key = 'target_toddlers') as bigint) as target_toddlers,
    cast(max(value) filter (where column_key = 'places') as bigint) as places,
    cast(max(value) filter (where column_key = 'reached_toddlers') as bigint) as reached_toddlers,
    max(n_municipalities) as municipalities,
    origin
from cells
group by all
order by report, row_no
