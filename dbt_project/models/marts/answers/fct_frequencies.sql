with answers as (

    select * from {{ ref('fct_answers') }}

),

-- Not by what answers say themselves: a question beside itself.
known_categories as (

    select * from {{ ref('dim_category') }}
    where origin != 'answers'

),

members as (

    select
        members.*,
        survey_years.analysis_population
    from {{ ref('dim_municipality_group') }} as members
    inner join {{ ref('int_survey_years__registered') }} as survey_years
        on
            members.survey_year = survey_years.survey_year
            and members.population in ('respondents', survey_years.analysis_population)
    semi join known_categories
        on members.breakdown = known_categories.breakdown

),

-- A class without respondents keeps its row, 0 of 0, also in an analysis population in which nobody is. 'unknown' is no
-- class, and a row only where somebody is in it.
categories as (

    select
        members.survey_year,
        unnest(['respondents', members.analysis_population]) as population,
        members.breakdown,
        known_categories.category
    from members
    inner join known_categories
        on members.breakdown = known_categories.breakdown
    where known_categories.category != 'unknown'

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
        {{ counted_statuses('answers') }},
        case
            when max(answers.option_code) is not null
                then count(*) filter (where answers.is_asked and answers.is_selected)
        end as chosen,
        count(*) filter (where not answers.is_asked) as not_asked,
        count(*) as respondents
    from answers
    inner join members
        on
            answers.survey_year = members.survey_year
            and answers.municipality_code = members.municipality_code
    group by all

)

select
    cells.survey_year,
    cells.reference_year,
    cells.question_id,
    cells.option_code,
    cells.option_key,
    cells.concept,
    cells.item,
    cells.answer_type,
    categories.population,
    categories.breakdown,
    categories.category,
    coalesce(counted.chosen, counted.answered, 0) as count,
    coalesce(counted.base, 0) as base,
    coalesce(counted.base - counted.answered, 0) as unknown,
    {{ quotient('counted.chosen', 'counted.base') }} as share,
    {{ percent_half_up('counted.chosen', 'counted.base', 0) }} as percent_0,
    {{ percent_half_up('counted.chosen', 'counted.base', 1) }} as percent_1,
    coalesce(counted.answered, 0) as answered,
    coalesce(counted.not_asked, 0) as not_asked,
    coalesce(counted.no_answer, 0) as no_answer,
    coalesce(counted.not_available, 0) as not_available,
    coalesce(counted.not_collected, 0) as not_collected,
    coalesce(counted.invalid, 0) as invalid,
    coalesce(counted.respondents, 0) as respondents
from cells
inner join categories
    on
        cells.survey_year = categories.survey_year
        and categories.population is not null
left join counted
    on
        cells.survey_year = counted.survey_year
        and cells.question_id = counted.question_id
        and cells.option_code is not distinct from counted.option_code
        and categories.population = counted.population
        and categories.breakdown = counted.breakdown
        and categories.category = counted.category
order by
    cells.survey_year,
    cells.question_position,
    cells.option_position,
    categories.population,
    categories.breakdown,
    categories.category
