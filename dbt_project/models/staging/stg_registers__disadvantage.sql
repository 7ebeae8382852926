select
    cast(layout_year as integer) as layout_year,
    municipality_code,
    cast(pupils as bigint) as pupils,
    cast(disadvantage_score as double) as disadvantage_score,
    disadvantage_group,
    status as disadvantage_status
from {{ source('registers', 'disadvantage') }}
