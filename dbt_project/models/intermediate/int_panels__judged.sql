with survey_years as (

    select * from {{ ref('int_survey_years__registered') }}
    where asks_all_counts

),

counts as (

    select * from {{ ref('int_counts__pivoted') }}

),

linked as (

    select * from {{ ref('int_municipalities__linked') }}

),

today as (

    select max(to_date) as register_date from linked

),

spans as (

    select
        first_year.reference_year as first_reference_year,
        last_year.reference_year as last_reference_year,
        first_year.register_date as first_register_date,
        last_year.register_date as last_register_date
    from survey_years as first_year
    inner join survey_years as last_year
        on first_year.reference_year < last_year.reference_year
    inner join survey_years as between_year
        on between_year.reference_year between first_year.reference_year and last_year.reference_year
    group by all
    having count(*) = last_reference_year - first_reference_year + 1

),

span_years as (

    select
        spans.*,
        survey_years.survey_year,
        survey_years.reference_year,
        survey_years.register_date
    from spans
    inner join survey_years
        on survey_years.reference_year between spans.first_reference_year and spans.last_reference_year

),

-- Strict: judged on the borders of the span's last year, one predecessor a year, which is the municipality itself.
-- Harmonised: judged on today's borders, with every predecessor of each year.
predecessors as (

    select
        'strict' as panel,
        span_years.first_reference_year,
        span_years.last_reference_year,
        span_years.survey_year,
        span_years.reference_year,
        linked.to_code as municipality_code,
        linked.to_code as predecessor_code,
        bool_or(linked.from_code = linked.to_code and linked.is_unchanged) as is_comparable
    from span_years
    inner join linked
        on
            span_years.first_register_date = linked.from_date
            and span_years.last_register_date = linked.to_date
    group by all

    union all

    select
        'harmonised' as panel,
        span_years.first_reference_year,
        span_years.last_reference_year,
        span_years.survey_year,
        span_years.reference_year,
        linked.to_code as municipality_code,
        linked.from_code as predecessor_code,
        linked.is_harmonisable as is_comparable
    from span_years
    inner join linked
        on span_years.register_date = linked.from_date
    inner join today
        on linked.to_date = today.register_date

),

yearly as (

    select
        predecessors.panel,
        predecessors.first_reference_year,
        predecessors.last_reference_year,
        predecessors.municipality_code,
        predecessors.survey_year,
        predecessors.reference_year,
        sum(counts.target_toddlers) as target_toddlers,
        sum(counts.places) as places,
        sum(counts.reached_toddlers) as reached_toddlers,
        count(*) as predecessors,
        bool_and(predecessors.is_comparable) as is_comparable,
        bool_and(coalesce(counts.gives_all_counts, false)) as is_complete
    from predecessors
    left join counts
        on
            predecessors.survey_year = counts.survey_year
            and predecessors.predecessor_code = counts.municipality_code
    group by all

),

judged as (

    select
        *,
        bool_and(is_comparable) over (panel_member) as is_comparable_throughout,
        bool_and(is_complete) over (panel_member) as is_complete_throughout
    from yearly
    window panel_member as (partition by panel, first_reference_year, last_reference_year, municipality_code)

)

select
    panel,
    first_reference_year,
    last_reference_year,
    municipality_code,
    survey_year,
    reference_year,
    cast(target_toddlers as bigint) as target_toddlers,
    cast(places as bigint) as places,
    cast(reached_toddlers as bigint) as reached_toddlers,
    cast(predecessors as integer) as predecessors,
    case
        when not is_comparable_throughout and panel = 'strict' then 'territory_changed'
        when not is_comparable_throughout then 'split_not_harmonisable'
        when not is_complete_throughout then 'incomplete'
    end as exclusion_reason
from judged
order by panel, first_reference_year, last_reference_year, municipality_code, reference_year
