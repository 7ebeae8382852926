with counts as (

    select * from {{ ref('int_counts__pivoted') }}

)

select
    municipality_code,
    survey_year,
    reference_year,
    target_toddlers,
    target_toddlers_status,
    places,
    places_status,
    case
        when places >= target_toddlers then 'sufficient'
        when places < target_toddlers then 'insufficient'
        else 'unknown'
    end as sufficiency
from counts
order by survey_year, municipality_code
