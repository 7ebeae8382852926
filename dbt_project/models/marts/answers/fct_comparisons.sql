with frequencies as (

    select * from {{ ref('fct_frequencies') }}

),

answers as (

    select * from {{ ref('fct_answers') }}
    where option_code is not null

),

municipalities as (

    select * from {{ ref('dim_municipality_year') }}

),

of_one_division as (

    select
        survey_year,
        reference_year,
        question_id,
        option_code,
        breakdown,
        category,
        count,
        base,
        unknown
    from frequencies
    where
        population = 'respondents'
        and breakdown in ('total', 'urbanisation_class', 'disadvantage_group')
        and category != 'unknown'
        and option_code is not null

),

of_both_divisions as (

    select
        answers.survey_year,
        answers.reference_year,
        answers.question_id,
        answers.option_code,
        'urbanisation_and_disadvantage' as breakdown,
        municipalities.urbanisation_class || '_' || municipalities.disadvantage_group as category,
        count(*) filter (where answers.is_asked and answers.is_selected) as count,
        count(*) filter (where answers.is_asked and answers.status != 'not_collected') as base,
        count(*) filter (where answers.is_asked and answers.status not in ('answered', 'not_collected')) as unknown
    from answers
    inner join municipalities
        on
            answers.survey_year = municipalities.survey_year
            and answers.municipality_code = municipalities.municipality_code
    where municipalities.urbanisation_class is not null and municipalities.disadvantage_group is not null
    group by all

),

compared as (

    select * from of_one_division
    union all
    select * from of_both_divisions

)

select
    survey_year,
    reference_year,
    question_id,
    option_code,
    breakdown,
    category,
    count,
    base,
    unknown,
    {{ quotient('count', 'base') }} as share,
    {{ percent_half_up('count', 'base', 0) }} as percent_0,
    base > unknown
    and (
        breakdown = 'total'
        or (base - unknown >= {{ fewest_compared() }} and count between 1 and base - unknown - 1)
    ) as is_shown
from compared
order by survey_year, question_id, option_code, breakdown, category
