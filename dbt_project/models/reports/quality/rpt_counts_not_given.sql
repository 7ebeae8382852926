with counts as (

    select * from {{ ref('fct_counts_not_given') }}

),

labels as (

    select * from {{ ref('dim_label') }}
    where vocabulary = 'count'

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

counted as (

    select
        survey_year,
        reference_year,
        concept,
        count(*) as n,
        {% for status in ['not_asked', 'no_answer', 'not_available', 'not_collected', 'invalid', 'no_questionnaire'] %}
            count(*) filter (where status = '{{ status }}') as n_{{ status }},
        {% endfor %}
        count(last_given_number) as n_given_before
    from counts
    group by survey_year, reference_year, concept

)

select
    counted.survey_year,
    counted.reference_year,
    counted.concept,
    upper(left(labels.label_nl, 1)) || substr(labels.label_nl, 2) as label_nl,
    upper(left(labels.label_en, 1)) || substr(labels.label_en, 2) as label_en,
    cast(survey_years.municipalities as bigint) as municipalities,
    counted.n,
    counted.n_not_asked,
    counted.n_no_answer,
    counted.n_not_available,
    counted.n_not_collected,
    counted.n_invalid,
    counted.n_no_questionnaire,
    counted.n_given_before,
    survey_years.origin
from counted
inner join labels
    on counted.concept = labels.code
inner join survey_years
    on counted.survey_year = survey_years.survey_year
order by counted.survey_year desc, labels.code_no asc
