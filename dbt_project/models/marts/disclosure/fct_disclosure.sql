select
    judged.measure,
    cast(judged.survey_year as integer) as survey_year,
    judged.population,
    judged.breakdown,
    judged.category,
    judged.within_breakdown,
    judged.within_category,
    judged.verdict,
    judged.verdict in ('shown', 'printed') as is_public,
    cast(judged.rule as varchar) as rule
from {{ ref('fct_facts_judged') }} as judged
order by all
