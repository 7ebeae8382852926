with counts as (

    select * from {{ ref('int_counts__listed') }}

)

select
    municipality_code,
    survey_year,
    reference_year,
    concept,
    status,
    last_given_number,
    last_given_survey_year,
    last_given_reference_year
from counts
where number is null
order by survey_year, municipality_code, concept
