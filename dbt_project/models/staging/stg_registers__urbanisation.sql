select
    cast(reference_year as integer) as reference_year,
    municipality_code,
    cast(urbanisation_class as integer) as urbanisation_class,
    status as urbanisation_status
from {{ source('registers', 'urbanisation') }}
