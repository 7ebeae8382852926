with bounds as (

    select * from {{ ref('rpt_reach_bounds') }}

),

shown as (

    select *
    from bounds
    qualify breakdown = 'total' or survey_year = max(survey_year) over ()

)

-- All municipalities in every year, then the newest year by group.
select
    cast(
        row_number() over (order by breakdown = 'total' desc, survey_year asc, breakdown asc, category_no asc)
        as integer
    ) as range_no,
    survey_year,
    reference_year,
    breakdown,
    category,
    if(breakdown = 'total', label_nl, breakdown_label_nl || ': ' || lower(label_nl))
    || ', '
    || reference_year as name_nl,
    if(breakdown = 'total', label_en, breakdown_label_en || ': ' || lower(label_en))
    || ', '
    || reference_year as name_en,
    reach,
    lower,
    upper,
    reach_text_nl,
    reach_text_en,
    lower_text_nl,
    lower_text_en,
    upper_text_nl,
    upper_text_en,
    n,
    municipalities,
    n_both_given,
    n_reached_not_given,
    n_target_not_given,
    n_neither_given,
    n_no_questionnaire,
    n_from_last_year_given,
    n_from_pupils,
    n_left_out,
    n_above_target,
    origin
from shown
order by range_no
