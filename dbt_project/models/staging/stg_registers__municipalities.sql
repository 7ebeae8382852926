select
    cast(reference_date as date) as reference_date,
    municipality_code,
    municipality_name,
    province_code,
    province
from {{ source('registers', 'municipalities') }}
