with judged as (

    select * from {{ ref('int_panels__judged') }}

)

select
    population,
    panel,
    municipality_code,
    survey_year,
    reference_year,
    target_toddlers,
    places,
    reached_toddlers,
    predecessors
from judged
where exclusion_reason is null
order by population, municipality_code, reference_year
