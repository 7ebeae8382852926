select
    report,
    cast(survey_year as integer) as survey_year,
    cast(position as integer) as position,
    table_id,
    title_nl,
    title_en,
    part_nl,
    part_en,
    absent,
    absent_key,
    reason_nl,
    reason_en
from {{ source('catalogue', 'not_made') }}
