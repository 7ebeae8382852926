select
    classification,
    municipality_code,
    cast(urbanisation_class as integer) as urbanisation_class,
    disadvantage_group
from {{ source('registers', 'report_classification') }}
