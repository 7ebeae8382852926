select
    cast(effective_date as date) as effective_date,
    old_code,
    new_code,
    kind
from {{ source('registers', 'municipality_changes') }}
