select
    concept,
    frame,
    cast(code_no as integer) as code_no,
    code,
    label_nl,
    label_en
from {{ source('coding', 'codes') }}
