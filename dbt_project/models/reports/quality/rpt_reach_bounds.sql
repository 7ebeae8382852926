with bounds as (

    select * from {{ ref('fct_reach_bounds') }}

),

categories as (

    select * from {{ ref('dim_category') }}

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

-- Percentages to one decimal, from whole numbers, as whole numbers.
scaled as (

    select
        *,
        {{ scaled_half_up('reached_published', 'target_published', 3) }} as reach_scaled,
        {{ scaled_half_up('reached_at_least', 'target_toddlers', 3) }} as lower_scaled,
        {{ scaled_half_up('reached_at_most', 'target_toddlers', 3) }} as upper_scaled
    from bounds

)

select
    scaled.survey_year,
    scaled.reference_year,
    scaled.breakdown,
    scaled.category,
    categories.category_no,
    categories.breakdown_label_nl,
    categories.breakdown_label_en,
    categories.label_nl,
    categories.label_en,
    scaled.reach,
    scaled.lower,
    scaled.upper,
    coalesce({{ printed_number('scaled.reach_scaled', 1, 'nl') }} || '%', '–') as reach_text_nl,
    coalesce({{ printed_number('scaled.reach_scaled', 1, 'en') }} || '%', '–') as reach_text_en,
    coalesce({{ printed_number('scaled.lower_scaled', 1, 'nl') }} || '%', '–') as lower_text_nl,
    coalesce({{ printed_number('scaled.lower_scaled', 1, 'en') }} || '%', '–') as lower_text_en,
    coalesce({{ printed_number('scaled.upper_scaled', 1, 'nl') }} || '%', '–') as upper_text_nl,
    coalesce({{ printed_number('scaled.upper_scaled', 1, 'en') }} || '%', '–') as upper_text_en,
    scaled.n,
    scaled.municipalities,
    scaled.n_both_given,
    scaled.n_reached_not_given,
    scaled.n_target_not_given,
    scaled.n_neither_given,
    scaled.n_no_questionnaire,
    scaled.n_from_last_year_given,
    scaled.n_from_pupils,
    scaled.n_left_out,
    scaled.n_above_target,
    survey_years.origin
from scaled
inner join survey_years
    on scaled.survey_year = survey_years.survey_year
inner join categories
    on
        scaled.breakdown = categories.breakdown
        and scaled.category = categories.category
order by scaled.survey_year, scaled.breakdown, categories.category_no
