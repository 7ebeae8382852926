with decomposition as (

    select * from {{ ref('fct_reach_decomposition') }}

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

-- A waterfall from left to right, and the change as a whole. {year} is the year that a level is of.
steps as (

    select
        numbered.component,
        cast(numbered.step_no as integer) as step_no,
        numbered.kind,
        numbered.label_nl,
        numbered.label_en
    from (
        values
        (1, 'reach_from', 'level', 'Bereik in {year}', 'Reach in {year}'),
        (
            2,
            'within',
            'part',
            'Ander bereik binnen dezelfde gemeenten',
            'Change in reach within the same municipalities'
        ),
        (
            3,
            'between',
            'part',
            'Ander gewicht van dezelfde gemeenten',
            'Change in weight between the same municipalities'
        ),
        (4, 'entering', 'part', 'Gemeenten die erbij kwamen', 'Municipalities that came in'),
        (5, 'leaving', 'part', 'Gemeenten die wegvielen', 'Municipalities that dropped out'),
        (6, 'reach_to', 'level', 'Bereik in {year}', 'Reach in {year}'),
        (7, 'change', 'total', 'Verandering van het bereik', 'Change in reach')
    ) as numbered (step_no, component, kind, label_nl, label_en)

),

-- within has those that continue, so the base of a level is within and who enters or leaves.
pairs as (

    select
        from_survey_year,
        to_survey_year,
        from_reference_year,
        to_reference_year,
        percent_from,
        percent_to,
        change_points,
        sum(n_municipalities) filter (where component in ('within', 'leaving')) as n_from,
        sum(n_municipalities) filter (where component in ('within', 'entering')) as n_to
    from decomposition
    group by all

),

stepped as (

    select
        pairs.*,
        steps.*,
        case steps.component
            when 'reach_from' then pairs.percent_from
            when 'reach_to' then pairs.percent_to
            when 'change' then pairs.change_points
            else decomposition.points
        end as points,
        case steps.component
            when 'reach_from' then pairs.n_from
            when 'reach_to' then pairs.n_to
            else decomposition.n_municipalities
        end as n_municipalities,
        cast(if(steps.component = 'reach_from', pairs.from_reference_year, pairs.to_reference_year) as varchar) as year
    from pairs
    cross join steps
    left join decomposition
        on
            pairs.from_reference_year = decomposition.from_reference_year
            and pairs.to_reference_year = decomposition.to_reference_year
            and steps.component = decomposition.component

),

drawn as (

    select
        *,
        case kind
            when 'part'
                then
                    sum(points) filter (where kind = 'part' or component = 'reach_from') over (
                        partition by from_reference_year, to_reference_year
                        order by step_no
                    )
            when 'level' then points
        end as ends_at
    from stepped

),

scaled as (

    select
        drawn.*,
        cast(abs(drawn.points) * 100 as bigint) as scaled_value,
        case
            when drawn.kind = 'level' or drawn.points = 0 then ''
            when drawn.points > 0 then '+'
            else '−'
        end as sign,
        if(drawn.kind = 'level', '%', '') as suffix,
        case
            when from_year.origin = 'synthetic' or to_year.origin = 'synthetic' then 'synthetic'
            else 'real'
        end as origin
    from drawn
    inner join survey_years as from_year
        on drawn.from_survey_year = from_year.survey_year
    inner join survey_years as to_year
        on drawn.to_survey_year = to_year.survey_year

)

select
    from_survey_year,
    to_survey_year,
    from_reference_year,
    to_reference_year,
    step_no,
    component,
    kind,
    replace(label_nl, '{year}', year) as label_nl,
    replace(label_en, '{year}', year) as label_en,
    points as value,
    if(kind = 'level', 'percent', 'percentage_points') as unit,
    sign || {{ printed_number('scaled_value', 2, 'nl') }} || suffix as value_text_nl,
    sign || {{ printed_number('scaled_value', 2, 'en') }} || suffix as value_text_en,
    cast(case kind when 'part' then ends_at - points when 'level' then 0 end as decimal(18, 2)) as starts_at,
    cast(ends_at as decimal(18, 2)) as ends_at,
    cast(n_municipalities as bigint) as n_municipalities,
    origin
from scaled
order by from_reference_year, step_no
