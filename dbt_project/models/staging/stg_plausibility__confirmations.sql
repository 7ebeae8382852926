-- Who heard it, and the reason, stay in data/corrections: the warehouse is copied and published.
select
    cast(survey_year as integer) as survey_year,
    municipality_code,
    rule,
    cast(value as bigint) as value,
    cast(confirmed_on as date) as confirmed_on
from {{ source('plausibility', 'confirmations') }}
