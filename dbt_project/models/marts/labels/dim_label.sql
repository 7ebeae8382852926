select * from {{ ref('stg_catalogue__labels') }}
order by vocabulary, code_no
