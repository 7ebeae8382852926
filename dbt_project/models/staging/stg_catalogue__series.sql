select
    report,
    cast(position as integer) as position,
    table_id,
    cast(row_no as integer) as row_no,
    row_key,
    row_label_nl,
    row_label_en,
    cast(column_no as integer) as column_no,
    column_key,
    column_label_nl,
    column_label_en,
    cast(survey_year as integer) as survey_year,
    measure,
    statistic,
    population,
    unit,
    cast(decimals as integer) as decimals
from {{ source('catalogue', 'series') }}
