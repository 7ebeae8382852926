{#- In whole numbers of 128 bits, which hold the products as long as a year has fewer than two million target toddlers;
    beyond that DuckDB refuses to multiply, it never rounds. -#}
{%- set unit = '1' ~ '0' * 12 -%}

with summed as (

    select
        *,
        sum(target_toddlers_from) over (pair) as all_target_from,
        sum(reached_toddlers_from) over (pair) as all_reached_from,
        sum(target_toddlers_to) over (pair) as all_target_to,
        sum(reached_toddlers_to) over (pair) as all_reached_to
    from {{ ref('fct_reach_pairs') }}
    window pair as (partition by from_reference_year, to_reference_year)

),

-- What a municipality contributes in all, w_t (r_t - R̄) - w_s (r_s - R̄), has one denominator for everyone, so that it
-- can be shared out exactly; for one that continues it is within + between. Only within has a denominator of its own.
quotients as (

    select
        *,
        {{ scaled_half_up('all_reached_to', 'all_target_to', 12) }}
        - {{ scaled_half_up('all_reached_from', 'all_target_from', 12) }} as change,
        {{ unit }} * (
            2 * all_target_from * all_target_to
            * (reached_toddlers_to * all_target_from - reached_toddlers_from * all_target_to)
            - (target_toddlers_to * all_target_from - target_toddlers_from * all_target_to)
            * (all_reached_from * all_target_to + all_reached_to * all_target_from)
        ) as numerator,
        2 * all_target_from * all_target_from * all_target_to * all_target_to as denominator,
        {{ unit }} * (target_toddlers_from * all_target_to + target_toddlers_to * all_target_from)
        * (
            cast(reached_toddlers_to as hugeint) * target_toddlers_from
            - cast(reached_toddlers_from as hugeint) * target_toddlers_to
        ) as within_numerator,
        2 * all_target_from * all_target_to * target_toddlers_from * target_toddlers_to as within_denominator
    from summed

),

rounded_down as (

    select
        *,
        {{ floored('numerator', 'denominator') }} as rounded_down,
        {{ left_over('numerator', 'denominator') }} as remainder
    from quotients

),

shared_out as (

    select
        *,
        {{
            largest_remainder(
                'rounded_down',
                'remainder',
                'change',
                'partition by from_reference_year, to_reference_year',
                'municipality_code, role'
            )
        }} as contribution,
        -- A reach that did not change contributes nothing within, a weight that did not change nothing between.
        case
            when within_numerator != 0
                then
                    {{ floored('2 * numerator + denominator', '2 * denominator') }}
                    - {{ floored('2 * within_numerator + within_denominator', '2 * within_denominator') }}
        end as between_contribution
    from rounded_down

),

components as (

    select
        *,
        'within' as component,
        contribution - coalesce(between_contribution, contribution) as units
    from shared_out
    where role = 'continuing'

    union all

    select
        *,
        'between' as component,
        coalesce(between_contribution, contribution) as units
    from shared_out
    where role = 'continuing'

    union all

    select
        *,
        role as component,
        contribution as units
    from shared_out
    where role != 'continuing'

)

select
    from_survey_year,
    to_survey_year,
    from_reference_year,
    to_reference_year,
    municipality_code,
    component,
    {{ in_units('units', 12, 38) }} as contribution,
    reason,
    target_toddlers_from,
    reached_toddlers_from,
    target_toddlers_to,
    reached_toddlers_to
from components
order by from_reference_year, municipality_code, component
