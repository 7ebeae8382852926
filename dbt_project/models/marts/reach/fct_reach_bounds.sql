{%- set parts = {} -%}
{%- for ground in ['both_given', 'reached_not_given', 'target_not_given', 'neither_given', 'no_questionnaire'] -%}
    {%- do parts.update({ground: "ground = '" ~ ground ~ "'"}) -%}
{%- endfor -%}
{%- for source in ['last_year_given', 'pupils'] -%}
    {%- do parts.update({'from_' ~ source: "imputed_from = '" ~ source ~ "'"}) -%}
{%- endfor -%}

with completed as (

    select * from {{ ref('int_reach__completed') }}

),

grouped as (

    select * from {{ ref('dim_municipality_group') }}
    where
        population = 'municipalities'
        and breakdown in ('total', 'urbanisation_class', 'disadvantage_group')

),

published as (

    select * from {{ ref('fct_measures') }}
    where measure = 'reach_national' and population = 'respondents'

),

-- A class without anybody keeps its row. 'unknown' is no class, and a row only where somebody is in it.
categories as (

    select
        completed.survey_year,
        known.breakdown,
        known.category
    from completed
    cross join {{ ref('dim_category') }} as known
    where known.breakdown in ('total', 'urbanisation_class', 'disadvantage_group') and known.category != 'unknown'

    union

    select
        grouped.survey_year,
        grouped.breakdown,
        grouped.category
    from grouped
    inner join completed
        on
            grouped.survey_year = completed.survey_year
            and grouped.municipality_code = completed.municipality_code

),

summed as (

    select
        categories.survey_year,
        categories.breakdown,
        categories.category,
        cast(sum(completed.reached_at_least) as bigint) as reached_at_least,
        cast(sum(completed.reached_at_most) as bigint) as reached_at_most,
        cast(sum(completed.target_toddlers) as bigint) as target_toddlers,
        count(completed.municipality_code) as municipalities,
        string_agg(distinct completed.imputed_from, ', ' order by completed.imputed_from) as imputed_from,
        {% for name, condition in parts.items() %}
            count(*) filter (where completed.{{ condition }}) as n_{{ name }},
            cast(coalesce(sum(completed.target_toddlers) filter (where completed.{{ condition }}), 0) as bigint)
                as target_{{ name }},
        {% endfor %}
        count(completed.municipality_code) filter (where completed.target_toddlers is null) as n_left_out,
        count(*) filter (where completed.is_above_target) as n_above_target
    from categories
    left join grouped
        on
            categories.survey_year = grouped.survey_year
            and categories.breakdown = grouped.breakdown
            and categories.category = grouped.category
    left join completed
        on
            grouped.survey_year = completed.survey_year
            and grouped.municipality_code = completed.municipality_code
    group by categories.survey_year, categories.breakdown, categories.category

)

select
    summed.survey_year,
    survey_years.reference_year,
    summed.breakdown,
    summed.category,
    published.value as reach,
    published.numerator as reached_published,
    published.denominator as target_published,
    coalesce(published.n_municipalities, 0) as n,
    {{ quotient('summed.reached_at_least', 'summed.target_toddlers') }} as lower,
    {{ quotient('summed.reached_at_most', 'summed.target_toddlers') }} as upper,
    summed.reached_at_least,
    summed.reached_at_most,
    summed.target_toddlers,
    summed.municipalities,
    summed.imputed_from,
    {% for name in parts %}
        summed.n_{{ name }},
        summed.target_{{ name }},
    {% endfor %}
    summed.n_left_out,
    summed.n_above_target
from summed
inner join {{ ref('int_survey_years__registered') }} as survey_years
    on summed.survey_year = survey_years.survey_year
left join published
    on
        summed.survey_year = published.survey_year
        and summed.breakdown = published.breakdown
        and summed.category = published.category
order by summed.survey_year, summed.breakdown, summed.category
