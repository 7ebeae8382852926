-- Within every breakdown the categories together are the total: the same count, the same base.
select
    survey_year,
    question_id,
    option_code,
    population,
    breakdown,
    sum(count) as counted,
    sum(base) as based,
    any_value(total_count) as total_count,
    any_value(total_base) as total_base
from (
    select
        *,
        sum(count) filter (where breakdown = 'total') over (same_option) as total_count,
        sum(base) filter (where breakdown = 'total') over (same_option) as total_base
    from {{ ref('fct_frequencies') }}
    window same_option as (partition by survey_year, question_id, option_code, population)
) as frequencies
group by survey_year, question_id, option_code, population, breakdown
having sum(count) != any_value(total_count) or sum(base) != any_value(total_base)
