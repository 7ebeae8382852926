select
    measure,
    part,
    cast(concept as varchar) as concept,
    cast(item as varchar) as item,
    cast(question_id as varchar) as question_id,
    cast(option_key as varchar) as option_key
from {{ source('catalogue', 'measure_terms') }}
