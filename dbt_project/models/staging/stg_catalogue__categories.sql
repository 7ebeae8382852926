select
    breakdown,
    breakdown_label_nl,
    breakdown_label_en,
    column_name,
    origin,
    is_measured,
    category,
    cast(category_no as integer) as category_no,
    label_nl,
    label_en
from {{ source('catalogue', 'categories') }}
