with reach as (

    select *
    from {{ ref('fct_measures') }}
    where measure = 'reach_national' and population = 'respondents' and breakdown = 'province'

),

categories as (

    select * from {{ ref('dim_category') }}

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

-- From the smallest province up, with how many are too small to be shown.
ordered as (

    select
        *,
        {{ scaled_half_up('numerator', 'denominator', 2) }} as percent,
        row_number() over (partition by survey_year order by n_municipalities, category) as size_no,
        count(*) filter (where n_municipalities < {{ fewest_compared() }}) over (partition by survey_year) as n_small
    from reach

),

-- One alone would follow from the country without the others: then the next smallest is not shown either.
judged as (

    select
        *,
        size_no <= n_small or (n_small = 1 and size_no = 2) as is_withheld
    from ordered

)

select
    judged.survey_year,
    survey_years.reference_year,
    categories.category_no as province_no,
    judged.category as province_code,
    categories.label_nl as name_nl,
    categories.label_en as name_en,
    judged.is_withheld,
    case when not judged.is_withheld then judged.n_municipalities end as n_municipalities,
    case when not judged.is_withheld then judged.numerator end as reached_toddlers,
    case when not judged.is_withheld then judged.denominator end as target_toddlers,
    case when not judged.is_withheld then cast(judged.percent as integer) end as percent,
    case when judged.is_withheld then '.' else {{ printed_number('judged.percent', 0, 'nl') }} || '%' end
        as percent_text_nl,
    case when judged.is_withheld then '.' else {{ printed_number('judged.percent', 0, 'en') }} || '%' end
        as percent_text_en,
    survey_years.origin
from judged
inner join survey_years
    on judged.survey_year = survey_years.survey_year
inner join categories
    on
        judged.breakdown = categories.breakdown
        and judged.category = categories.category
order by judged.survey_year, categories.category_no
