with answers as (

    select * from {{ ref('fct_answers') }}

),

-- Not by what answers say themselves: a question beside itself.
known_categories as (

    select * from {{ ref('dim_category') }}
    where origin != 'answers'

),

survey_years as (

    select * from {{ ref('int_survey_years__registered') }}

),

members as (

    select members.*
    from {{ ref('dim_municipality_group') }} as members
    inner join survey_years
        on
            members.survey_year = survey_years.survey_year
            and members.population in ('respondents', survey_years.analysis_population)
    semi join known_categories
        on members.breakdown = known_categories.breakdown

),

-- Every population that a survey year has, its analysis population also where nobody is in it.
populations as (

    select
        survey_year,
        population,
        breakdown
    from members

    union

    select
        members.survey_year,
        survey_years.analysis_population as population,
        members.breakdown
    from members
    inner join survey_years
        on members.survey_year = survey_years.survey_year
    where survey_years.analysis_population is not null

),

-- A class without respondents keeps its row: 0 of 0. 'unknown' is no class, and a row only where somebody is in it.
categories as (

    select
        populations.survey_year,
        populations.population,
        populations.breakdown,
        known.category
    from populations
    inner join known_categories as known
        on populations.breakdown = known.breakdown
    where known.category != 'unknown'

    union

    select
        survey_year,
        population,
        breakdown,
        category
    from members

),

cells as (

    select distinct
        survey_year,
        reference_year,
        question_id,
        question_position,
        option_code,
        option_position,
        option_key,
        concept,
        item,
        answer_type
    from answers

),

counted as (

    select
        answers.survey_year,
        answers.question_id,
        answers.option_code,
        members.population,
        members.breakdown,
        members.category,
        count(*) filter (where answers.is_asked and answers.status = 'answered') as answered,
        count(*) filter (where answers.is_asked and answers.is_selected) as chosen,
        count(*) filter (where answers.is_asked and answers.status != 'not_collected') as base,
        count(*) filter (where not answers.is_asked) as not_asked,
        count(*) filter (where answers.is_asked and answers.status = 'no_answer') as no_answer,
        count(*) filter (where answers.is_asked and answers.status = 'not_available') as not_available,
        count(*) filter (where answers.is_asked and answers.status = 'not_collected') as not_collected,
        count(*) filter (where answers.is_asked and answers.status = 'invalid') as invalid,
        count(*) as respondents
    from answers
    inner join members
        on
            answers.survey_year = members.survey_year
            and answers.municipality_code = members.municipality_code
    group by all

),

listed as (

    select
        cells.*,
        categories.population,
        categories.breakdown,
        categories.category,
        coalesce(case when cells.option_code is null then counted.answered else counted.chosen end, 0) as count,
        coalesce(counted.base, 0) as base,
        coalesce(counted.base - counted.answered, 0) as unknown,
        coalesce(counted.answered, 0) as answered,
        coalesce(counted.not_asked, 0) as not_asked,
        coalesce(counted.no_answer, 0) as no_answer,
        coalesce(counted.not_available, 0) as not_available,
        coalesce(counted.not_collected, 0) as not_collected,
        coalesce(counted.invalid, 0) as invalid,
        coalesce(counted.respondents, 0) as respondents
    from cells
    inner join categories
        on cells.survey_year = categories.survey_year
    left join counted
        on
            cells.survey_year = counted.survey_year
            and cells.question_id = counted.question_id
            and cells.option_code is not distinct from counted.option_code
            and categories.population = counted.population
            and categories.breakdown = counted.breakdown
            and categories.category = counted.category

)

select
    survey_year,
    reference_year,
    question_id,
    option_code,
    option_key,
    concept,
    item,
    answer_type,
    population,
    breakdown,
    category,
    count,
    base,
    unknown,
    case when option_code is not null then {{ quotient('count', 'base') }} end as share,
    case when option_code is not null then {{ percent_half_up('count', 'base', 0) }} end as percent_0,
    case when option_code is not null then {{ percent_half_up('count', 'base', 1) }} end as percent_1,
    answered,
    not_asked,
    no_answer,
    not_available,
    not_collected,
    invalid,
    respondents
from listed
order by survey_year, question_position, option_position, population, breakdown, category
