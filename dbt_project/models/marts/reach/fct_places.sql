with counts as (

    select * from {{ ref('int_counts__pivoted') }}
    where is_respondent

)

select
    municipality_code,
    survey_year,
    reference_year,
    target_toddlers,
    target_toddlers_status,
    places,
    places_status,
    sufficiency
from counts
order by survey_year, municipality_code
