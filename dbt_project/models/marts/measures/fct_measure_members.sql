{#- What each municipality contributes to each measure: above the line and below it. Every measure is the sum of these,
    so that the municipalities behind a number are the rows that it was summed from. -#}
{%- set counts = ['target_toddlers', 'places', 'reached_toddlers'] -%}

{#- amounts: what a municipality has, by the names that data/catalogue/measures.yaml divides. -#}
with amounts as (

    select
        'respondents' as whose,
        survey_year,
        cast(null as varchar) as population,
        municipality_code,
        {{
            named_amounts(counts + ['is_below_target', 'is_above_target'], {
                'is_sufficient': "sufficiency = 'sufficient'",
                'is_insufficient': "sufficiency = 'insufficient'",
                'is_sufficiency_unknown': "sufficiency = 'unknown'",
            })
        }} as amounts
    from {{ ref('int_counts__pivoted') }}
    where is_respondent

    union all

    select
        'panel' as whose,
        survey_year,
        population,
        municipality_code,
        {{ named_amounts(counts) }} as amounts
    from {{ ref('fct_panel') }}

    union all

    select
        'municipalities' as whose,
        survey_year,
        null as population,
        municipality_code,
        {{
            named_amounts(['is_respondent'], {
                'is_no_respondent': 'not is_respondent',
                'disadvantage_score_in_10000': 'round(disadvantage_score * 10000)',
            })
        }} as amounts
    from {{ ref('dim_municipality_year') }}

),

divided as (

    select
        measures.measure,
        amounts.survey_year,
        amounts.population,
        amounts.municipality_code,
        {{ amount('measures.numerator') }} as numerator,
        coalesce(try_cast(measures.denominator as bigint), {{ amount('measures.denominator') }}) as denominator,
        coalesce({{ amount('measures.unknown') }}, 0) as unknown,
        measures.denominator is null as is_total
    from {{ ref('stg_catalogue__measures') }} as measures
    inner join amounts
        on measures.whose = amounts.whose

),

members as (

    select
        measure,
        survey_year,
        population,
        municipality_code,
        numerator,
        denominator,
        unknown
    from divided
    where numerator is not null and (is_total or denominator > 0)

    union all by name

    select * from {{ ref('fct_measure_choices') }}

    union all by name

    select * from {{ ref('fct_supervision_measures') }}

    union all by name

    -- A class is a measure too: the share of municipalities that are in it.
    select
        categories.breakdown || '=' || categories.category as measure,
        grouped.survey_year,
        grouped.population,
        grouped.municipality_code,
        grouped.category = categories.category as numerator,
        1 as denominator,
        grouped.category = 'unknown' as unknown
    from {{ ref('dim_category') }} as categories
    inner join {{ ref('dim_municipality_group') }} as grouped
        on categories.breakdown = grouped.breakdown
    inner join {{ ref('int_survey_years__registered') }} as survey_years
        on
            grouped.survey_year = survey_years.survey_year
            and grouped.population in ('respondents', survey_years.analysis_population)
    where categories.is_measured and categories.category != 'unknown'

)

select
    measure,
    survey_year,
    population,
    municipality_code,
    cast(numerator as bigint) as numerator,
    cast(denominator as bigint) as denominator,
    cast(unknown as bigint) as unknown
from members
