select * from {{ ref('stg_catalogue__reports') }}
order by report
