select
    cast(effective_date as date) as effective_date,
    old_code,
    old_name,
    new_code,
    new_name,
    kind
from {{ source('registers', 'municipality_changes') }}
