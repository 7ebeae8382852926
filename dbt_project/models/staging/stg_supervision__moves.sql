select
    cast(step_no as integer) as step_no,
    step,
    label_nl,
    label_en,
    cast(after as varchar) as after,
    cast(is_event as boolean) as is_event,
    cast(is_first as boolean) as is_first,
    cast(is_outcome as boolean) as is_outcome,
    cast(confirmed_until as integer) as confirmed_until
from {{ source('supervision', 'moves') }}
