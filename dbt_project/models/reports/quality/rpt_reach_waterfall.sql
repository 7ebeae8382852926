with steps as (

    select * from {{ ref('rpt_reach_decomposition') }}

),

parts as (

    select * from {{ ref('fct_reach_decomposition') }}

),

-- Who counts in a year: those that continue (within), and those that leave after it or entered in it.
levels as (

    select
        from_reference_year,
        to_reference_year,
        sum(target_toddlers_from) filter (where component in ('within', 'leaving')) as target_toddlers_from,
        sum(target_toddlers_to) filter (where component in ('within', 'entering')) as target_toddlers_to
    from parts
    group by from_reference_year, to_reference_year

)

select
    steps.from_reference_year,
    steps.to_reference_year,
    steps.step_no,
    steps.component,
    steps.kind,
    steps.label_nl,
    steps.label_en,
    steps.value,
    steps.value_text_nl,
    steps.value_text_en,
    steps.starts_at,
    steps.ends_at,
    steps.n_municipalities,
    case when steps.component in ('entering', 'leaving') then parts.n_territory_changed end as n_territory_changed,
    cast(
        case steps.component
            when 'reach_from' then levels.target_toddlers_from
            when 'entering' then null
            else parts.target_toddlers_from
        end as bigint
    ) as target_toddlers_from,
    cast(
        case steps.component
            when 'reach_to' then levels.target_toddlers_to
            when 'leaving' then null
            else parts.target_toddlers_to
        end as bigint
    ) as target_toddlers_to,
    parts.group_percent_from,
    parts.group_percent_to,
    steps.origin
from steps
inner join levels
    on
        steps.from_reference_year = levels.from_reference_year
        and steps.to_reference_year = levels.to_reference_year
left join parts
    on
        steps.from_reference_year = parts.from_reference_year
        and steps.to_reference_year = parts.to_reference_year
        and steps.component = parts.component
order by steps.from_reference_year, steps.to_reference_year, steps.step_no
