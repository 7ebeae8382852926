select
    vocabulary,
    code,
    cast(code_no as integer) as code_no,
    label_nl,
    label_en
from {{ source('catalogue', 'labels') }}
