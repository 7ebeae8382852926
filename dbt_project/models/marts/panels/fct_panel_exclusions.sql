with judged as (

    select
        *,
        -- Counts are asked of territory that can be compared only: before it existed a municipality could not miss any.
        exclusion_reason in ('not_a_respondent', 'incomplete') as is_asked
    from {{ ref('int_panels__judged') }}
    where exclusion_reason is not null

),

yearly as (

    select
        *,
        case when is_asked then string_split(incomplete_codes, ',') end as asked_codes,
        case when is_asked and not is_respondent then reference_year end as year_without_questionnaire,
        case when is_asked and not gives_target_toddlers then reference_year end as year_without_target_toddlers,
        case when is_asked and not gives_places then reference_year end as year_without_places,
        case when is_asked and not gives_reached_toddlers then reference_year end as year_without_reached_toddlers
    from judged

),

excluded as (

    select
        panel,
        reference_years,
        first_reference_year,
        last_reference_year,
        municipality_code,
        exclusion_reason,
        min_by(territory_from, reference_year) as territory_from,
        string_agg(year_without_questionnaire, ',' order by reference_year) as years_without_questionnaire,
        string_agg(year_without_target_toddlers, ',' order by reference_year) as years_without_target_toddlers,
        string_agg(year_without_places, ',' order by reference_year) as years_without_places,
        string_agg(year_without_reached_toddlers, ',' order by reference_year) as years_without_reached_toddlers,
        list_sort(list_distinct(flatten(list(asked_codes)))) as incomplete_codes
    from yearly
    group by panel, reference_years, first_reference_year, last_reference_year, municipality_code, exclusion_reason

)

select
    panel,
    reference_years,
    {{ panel_population() }} as population,
    municipality_code,
    exclusion_reason,
    territory_from,
    years_without_questionnaire,
    years_without_target_toddlers,
    years_without_places,
    years_without_reached_toddlers,
    nullif(array_to_string(incomplete_codes, ','), '') as incomplete_codes
from excluded
order by panel, reference_years, municipality_code
