select * from {{ ref('stg_catalogue__not_made') }}
order by report, position, part_nl, absent, absent_key
