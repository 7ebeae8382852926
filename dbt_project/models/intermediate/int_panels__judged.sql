with recursive survey_years as (

    select * from {{ ref('int_survey_years__registered') }}
    where asks_all_counts and register_date <= edition_register_date

),

counts as (

    select * from {{ ref('int_counts__pivoted') }}

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

numbered_sets as (

    select
        years,
        row_number() over (order by years) as set_no
    from year_sets
    where len(years) > 1

),

set_years as (

    select
        numbered_sets.set_no,
        array_to_string(numbered_sets.years, ',') as reference_years,
        numbered_sets.years[1] as first_reference_year,
        numbered_sets.years[-1] as last_reference_year,
        survey_years.survey_year,
        survey_years.reference_year,
        min(survey_years.register_date) over (partition by numbered_sets.set_no) as first_register_date,
        max(survey_years.register_date) over (partition by numbered_sets.set_no) as last_register_date
    from numbered_sets
    inner join survey_years
        on list_contains(numbered_sets.years, survey_years.reference_year)

),

territory as (

    select
        from_date,
        to_date,
        to_code as municipality_code,
        string_agg(from_code, ',' order by from_code) as territory_from,
        bool_or(from_code = to_code and is_unchanged) as is_comparable
    from linked
    group by from_date, to_date, to_code

),

harmonised_counts as (

    select
        survey_years.survey_year,
        linked.to_code as municipality_code,
        sum(counts.target_toddlers) as target_toddlers,
        sum(counts.places) as places,
        sum(counts.reached_toddlers) as reached_toddlers,
        count(*) as predecessors,
        string_agg(linked.from_code, ',' order by linked.from_code) as territory_from,
        string_agg(
            case when not coalesce(counts.gives_all_counts, false) then linked.from_code end, ','
            order by linked.from_code
        ) as incomplete_codes,
        bool_and(linked.is_harmonisable) as is_comparable,
        bool_and(counts.municipality_code is not null) as is_respondent,
        bool_and(counts.target_toddlers is not null) as gives_target_toddlers,
        bool_and(counts.places is not null) as gives_places,
        bool_and(counts.reached_toddlers is not null) as gives_reached_toddlers
    from survey_years
    inner join linked
        on
            survey_years.register_date = linked.from_date
            and survey_years.edition_register_date = linked.to_date
    left join counts
        on
            survey_years.survey_year = counts.survey_year
            and linked.from_code = counts.municipality_code
    group by survey_years.survey_year, linked.to_code

),

-- Strict: judged on the borders of the set's last year, one predecessor a year, which is the municipality itself.
-- Harmonised: judged on the borders of the edition's survey year, with every predecessor of each year.
members as (

    select
        'strict' as panel,
        set_years.set_no,
        set_years.reference_years,
        set_years.first_reference_year,
        set_years.last_reference_year,
        set_years.survey_year,
        set_years.reference_year,
        territory.municipality_code,
        counts.target_toddlers,
        counts.places,
        counts.reached_toddlers,
        1 as predecessors,
        territory.territory_from,
        case when not coalesce(counts.gives_all_counts, false) then territory.municipality_code end as incomplete_codes,
        territory.is_comparable,
        counts.municipality_code is not null as is_respondent,
        counts.target_toddlers is not null as gives_target_toddlers,
        counts.places is not null as gives_places,
        counts.reached_toddlers is not null as gives_reached_toddlers
    from set_years
    inner join territory
        on
            set_years.first_register_date = territory.from_date
            and set_years.last_register_date = territory.to_date
    left join counts
        on
            set_years.survey_year = counts.survey_year
            and territory.municipality_code = counts.municipality_code

    union all

    select
        'harmonised' as panel,
        set_years.set_no,
        set_years.reference_years,
        set_years.first_reference_year,
        set_years.last_reference_year,
        set_years.survey_year,
        set_years.reference_year,
        harmonised_counts.municipality_code,
        harmonised_counts.target_toddlers,
        harmonised_counts.places,
        harmonised_counts.reached_toddlers,
        harmonised_counts.predecessors,
        harmonised_counts.territory_from,
        harmonised_counts.incomplete_codes,
        harmonised_counts.is_comparable,
        harmonised_counts.is_respondent,
        harmonised_counts.gives_target_toddlers,
        harmonised_counts.gives_places,
        harmonised_counts.gives_reached_toddlers
    from set_years
    inner join harmonised_counts
        on set_years.survey_year = harmonised_counts.survey_year

),

judged as (

    select
        *,
        bool_and(is_comparable) over (panel_member) as is_comparable_throughout,
        bool_and(is_respondent) over (panel_member) as is_respondent_throughout,
        bool_and(incomplete_codes is null) over (panel_member) as is_complete_throughout
    from members
    window panel_member as (partition by panel, set_no, municipality_code)

)

select
    panel,
    reference_years,
    first_reference_year,
    last_reference_year,
    municipality_code,
    survey_year,
    reference_year,
    cast(target_toddlers as bigint) as target_toddlers,
    cast(places as bigint) as places,
    cast(reached_toddlers as bigint) as reached_toddlers,
    cast(predecessors as integer) as predecessors,
    territory_from,
    incomplete_codes,
    is_respondent,
    gives_target_toddlers,
    gives_places,
    gives_reached_toddlers,
    case
        when not is_comparable_throughout and panel = 'strict' then 'territory_changed'
        when not is_comparable_throughout then 'split_not_harmonisable'
        when not is_respondent_throughout then 'not_a_respondent'
        when not is_complete_throughout then 'incomplete'
    end as exclusion_reason
from judged
order by panel, reference_years, municipality_code, reference_year
