with judged as (

    select * from {{ ref('int_panels__judged') }}

)

select
    panel,
    population,
    {{ list_text('reference_years') }} as reference_years,
    reference_years[1] as first_reference_year,
    reference_years[-1] as last_reference_year,
    municipality_code,
    survey_year,
    reference_year,
    target_toddlers,
    places,
    reached_toddlers,
    predecessors
from judged
where exclusion_reason is null
order by panel, reference_years, municipality_code, reference_year
