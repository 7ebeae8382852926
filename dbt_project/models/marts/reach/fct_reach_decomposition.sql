with contributions as (

    select * from {{ ref('fct_reach_contributions') }}

),

components as (

    select
        unnest([1, 2, 3, 4]) as component_no,
        unnest(['within', 'between', 'entering', 'leaving']) as component

),

-- Each municipality once: one that continues has a row for within and one for between.
national as (

    select
        from_survey_year,
        to_survey_year,
        from_reference_year,
        to_reference_year,
        sum(target_toddlers_from) as target_from,
        sum(reached_toddlers_from) as reached_from,
        sum(target_toddlers_to) as target_to,
        sum(reached_toddlers_to) as reached_to
    from contributions
    where component != 'between'
    group by all

),

levels as (

    select
        *,
        {{ scaled_half_up('reached_from', 'target_from', 12) }} as reach_from,
        {{ scaled_half_up('reached_to', 'target_to', 12) }} as reach_to,
        {{ scaled_half_up('reached_from', 'target_from', 4) }} as printed_from,
        {{ scaled_half_up('reached_to', 'target_to', 4) }} as printed_to
    from national

),

-- A component to which nobody contributes is 0.
parts as (

    select
        levels.*,
        components.component_no,
        components.component,
        coalesce(sum(contributions.contribution), 0) as contribution,
        cast(coalesce(sum(contributions.contribution), 0) * 1000000000000 as hugeint) as units,
        count(contributions.municipality_code) as n_municipalities,
        count(*) filter (where contributions.reason = 'territory_changed') as n_territory_changed,
        coalesce(sum(contributions.target_toddlers_from), 0) as target_toddlers_from,
        coalesce(sum(contributions.target_toddlers_to), 0) as target_toddlers_to,
        coalesce(sum(contributions.reached_toddlers_from), 0) as reached_toddlers_from,
        coalesce(sum(contributions.reached_toddlers_to), 0) as reached_toddlers_to
    from levels
    cross join components
    left join contributions
        on
            levels.from_reference_year = contributions.from_reference_year
            and levels.to_reference_year = contributions.to_reference_year
            and components.component = contributions.component
    group by all

),

rounded_down as (

    select
        *,
        {{ floored('units', '100000000') }} as rounded_down,
        {{ left_over('units', '100000000') }} as remainder
    from parts

),

printed as (

    select
        *,
        {{
            largest_remainder(
                'rounded_down',
                'remainder',
                '(printed_to - printed_from)',
                'partition by from_reference_year, to_reference_year',
                'component_no'
            )
        }} as printed
    from rounded_down

)

select
    from_survey_year,
    to_survey_year,
    from_reference_year,
    to_reference_year,
    component_no,
    component,
    cast(contribution as decimal(38, 12)) as contribution,
    {{ in_units('printed', 2, 18) }} as points,
    n_municipalities,
    n_territory_changed,
    cast(target_toddlers_from as bigint) as target_toddlers_from,
    cast(target_toddlers_to as bigint) as target_toddlers_to,
    {{ percent_half_up('reached_toddlers_from', 'target_toddlers_from', 2) }} as group_percent_from,
    {{ percent_half_up('reached_toddlers_to', 'target_toddlers_to', 2) }} as group_percent_to,
    {{ in_units('reach_from', 12, 38) }} as reach_from,
    {{ in_units('reach_to', 12, 38) }} as reach_to,
    {{ in_units('reach_to - reach_from', 12, 38) }} as change,
    {{ in_units('printed_from', 2, 18) }} as percent_from,
    {{ in_units('printed_to', 2, 18) }} as percent_to,
    {{ in_units('printed_to - printed_from', 2, 18) }} as change_points
from printed
order by from_reference_year, component_no
