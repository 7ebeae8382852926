with cells as (

    select * from {{ ref('rpt_cells') }}
    where table_id = 'tabel_1_11'

)

select
    report,
    row_no,
    row_key as definition_breadth,
    row_label_nl,
    row_label_en,
    max(value) filter (where column_key = 'reach') as reach,
    max(value_text_nl) filter (where column_key = 'reach') as reach_text_nl,
    max(value_text_en) filter (where column_key = 'reach') as reach_text_en,
    cast(max(value) filter (where column_key = 'municipalities') as bigint) as municipalities,
    origin
from cells
group by all
order by report, row_no
