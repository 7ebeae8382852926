-- To the last digit, stored and printed: contributions and components add up to the change, and the change is the
-- difference of the two levels.
with components as (

    select
        from_reference_year,
        to_reference_year,
        sum(contribution) as contribution,
        sum(points) as points,
        any_value(change) as change,
        any_value(change_points) as change_points,
        any_value(reach_to) - any_value(reach_from) as between_levels,
        any_value(percent_to) - any_value(percent_from) as between_printed_levels,
        max(abs(points - 100 * contribution)) as furthest_from_printed
    from {{ ref('fct_reach_decomposition') }}
    group by from_reference_year, to_reference_year

),

contributions as (

    select
        from_reference_year,
        to_reference_year,
        sum(contribution) as contribution
    from {{ ref('fct_reach_contributions') }}
    group by from_reference_year, to_reference_year

)

select
    components.*,
    contributions.contribution as of_municipalities
from components
full outer join contributions
    on
        components.from_reference_year = contributions.from_reference_year
        and components.to_reference_year = contributions.to_reference_year
where
    components.contribution is distinct from components.change
    or contributions.contribution is distinct from components.change
    or components.between_levels is distinct from components.change
    or components.points is distinct from components.change_points
    or components.between_printed_levels is distinct from components.change_points
    or components.furthest_from_printed > 0.01
