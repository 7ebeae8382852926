-- Deliveries only add up: per municipality the newest accepted one counts, and only that one.
select
    survey_year,
    municipality_code,
    count(distinct delivery) as current_deliveries
from {{ ref('stg_answers__answers') }}
where is_current
group by survey_year, municipality_code
having count(distinct delivery) > 1
