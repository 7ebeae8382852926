with recursive survey_years as (

    select * from {{ ref('int_survey_years__registered') }}
    where asks_all_counts and register_date <= edition_register_date

),

linked as (

    select * from {{ ref('int_municipalities__linked') }}

),

-- Every set of at least two years, because any of them may be what a question is about: n years have 2^n - n - 1 sets,
-- 4 years 11, 6 years 57, 10 years 1013 (3.5 million rows here). That is why whatever does not depend on the set is
-- made before the sets come in. Fewer sets, named in data, are the way on when it takes too long.
year_sets as (

    select [reference_year] as years
    from survey_years

    union all

    select list_append(year_sets.years, survey_years.reference_year) as years
    from year_sets
    inner join survey_years
        on year_sets.years[-1] < survey_years.reference_year

),

-- Strict: judged between the borders of the set's first and last year, with the counts on each year's own borders.
-- Harmonised: judged on the borders of the edition's survey year, with the counts of every predecessor of each year.
set_years as (

    select
        panels.panel,
        {{ panel_population('panels.panel', 'year_sets.years') }} as population,
        year_sets.years as reference_years,
        survey_years.survey_year,
        survey_years.reference_year,
        panels.panel = 'strict' as is_strict,
        if(is_strict, min(survey_years.register_date) over same_set, survey_years.register_date) as from_date,
        if(is_strict, max(survey_years.register_date) over same_set, survey_years.edition_register_date) as to_date,
        if(is_strict, survey_years.register_date, survey_years.edition_register_date) as counted_date
    from year_sets
    inner join survey_years
        on list_contains(year_sets.years, survey_years.reference_year)
    cross join (values ('strict'), ('harmonised')) as panels (panel)
    where len(year_sets.years) > 1
    window same_set as (partition by year_sets.years)

),

territory as (

    select
        from_date,
        to_date,
        to_code as municipality_code,
        list(from_code order by from_code) as territory_from,
        bool_or(from_code = to_code and is_unchanged) as is_unchanged,
        bool_and(is_harmonisable) as is_harmonisable
    from linked
    group by from_date, to_date, to_code

),

-- What was given in a survey year on its own borders, and on those of the edition.
given as (

    select
        survey_years.survey_year,
        linked.to_date,
        linked.to_code as municipality_code,
        cast(sum(counts.target_toddlers) as bigint) as target_toddlers,
        cast(sum(counts.places) as bigint) as places,
        cast(sum(counts.reached_toddlers) as bigint) as reached_toddlers,
        cast(count(*) as integer) as predecessors,
        list(linked.from_code order by linked.from_code) filter (where counts.gives_all_counts is distinct from true)
            as incomplete_codes,
        bool_and(counts.municipality_code is not null) as is_respondent,
        bool_and(counts.target_toddlers is not null) as gives_target_toddlers,
        bool_and(counts.places is not null) as gives_places,
        bool_and(counts.reached_toddlers is not null) as gives_reached_toddlers
    from survey_years
    inner join linked
        on
            survey_years.register_date = linked.from_date
            and linked.to_date in (survey_years.register_date, survey_years.edition_register_date)
    left join {{ ref('int_counts__pivoted') }} as counts
        on
            survey_years.survey_year = counts.survey_year
            and linked.from_code = counts.municipality_code
            and counts.is_respondent
    group by survey_years.survey_year, linked.to_date, linked.to_code

)

select
    set_years.panel,
    set_years.population,
    set_years.reference_years,
    territory.municipality_code,
    set_years.survey_year,
    set_years.reference_year,
    given.target_toddlers,
    given.places,
    given.reached_toddlers,
    coalesce(given.predecessors, 1) as predecessors,
    territory.territory_from,
    -- A municipality that did not exist yet gave nothing.
    if(given.survey_year is null, [territory.municipality_code], given.incomplete_codes) as incomplete_codes,
    coalesce(given.is_respondent, false) as is_respondent,
    coalesce(given.gives_target_toddlers, false) as gives_target_toddlers,
    coalesce(given.gives_places, false) as gives_places,
    coalesce(given.gives_reached_toddlers, false) as gives_reached_toddlers,
    case
        when set_years.is_strict and not bool_and(territory.is_unchanged) over throughout then 'territory_changed'
        when not set_years.is_strict and not bool_and(territory.is_harmonisable) over throughout
            then 'split_not_harmonisable'
        when bool_or(given.is_respondent is distinct from true) over throughout then 'not_a_respondent'
        when bool_or(given.incomplete_codes is not null) over throughout then 'incomplete'
    end as exclusion_reason
from set_years
inner join territory
    on
        set_years.from_date = territory.from_date
        and set_years.to_date = territory.to_date
left join given
    on
        set_years.survey_year = given.survey_year
        and set_years.counted_date = given.to_date
        and territory.municipality_code = given.municipality_code
window throughout as (partition by set_years.population, territory.municipality_code)
order by set_years.population, territory.municipality_code, set_years.reference_year
