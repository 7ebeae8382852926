select
    report,
    title_nl,
    title_en,
    is_standing,
    cast(edition as integer) as edition,
    is_in_edition
from {{ source('catalogue', 'reports') }}
