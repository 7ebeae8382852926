with judged as (

    select
        *,
        -- Counts are asked of territory that can be compared only: before it existed a municipality could not miss any.
        exclusion_reason in ('not_a_respondent', 'incomplete') as is_asked
    from {{ ref('int_panels__judged') }}
    where exclusion_reason is not null

),

excluded as (

    select
        panel,
        population,
        municipality_code,
        exclusion_reason,
        min_by(territory_from, reference_year) as territory_from,
        list(reference_year order by reference_year) filter (where is_asked and not is_respondent)
            as years_without_questionnaire,
        {% for count in ['target_toddlers', 'places', 'reached_toddlers'] %}
            list(reference_year order by reference_year) filter (where is_asked and not gives_{{ count }})
                as years_without_{{ count }},
        {% endfor %}
        list_sort(list_distinct(flatten(list(incomplete_codes) filter (where is_asked)))) as incomplete_codes
    from judged
    group by panel, population, municipality_code, exclusion_reason

)

select
    population,
    panel,
    municipality_code,
    exclusion_reason,
    {{ list_text('territory_from') }} as territory_from,
    {{ list_text('years_without_questionnaire') }} as years_without_questionnaire,
    {{ list_text('years_without_target_toddlers') }} as years_without_target_toddlers,
    {{ list_text('years_without_places') }} as years_without_places,
    {{ list_text('years_without_reached_toddlers') }} as years_without_reached_toddlers,
    {{ list_text('incomplete_codes') }} as incomplete_codes
from excluded
order by population, municipality_code
