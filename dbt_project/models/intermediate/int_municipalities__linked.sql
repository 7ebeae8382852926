with recursive municipalities as (

    select * from {{ ref('stg_registers__municipalities') }}

),

changes as (

    select * from {{ ref('stg_registers__municipality_changes') }}

),

register_dates as (

    select distinct reference_date from municipalities

),

change_dates as (

    select
        effective_date,
        row_number() over (order by effective_date) as change_no
    from (select distinct changes.effective_date from changes) as dated

),

register_positions as (

    select
        register_dates.reference_date,
        count(change_dates.change_no) as change_no
    from register_dates
    left join change_dates
        on register_dates.reference_date >= change_dates.effective_date
    group by register_dates.reference_date

),

traced as (

    select
        municipalities.reference_date as from_date,
        municipalities.municipality_code as from_code,
        register_positions.change_no,
        municipalities.municipality_code as to_code,
        true as is_unchanged
    from municipalities
    inner join register_positions
        on municipalities.reference_date = register_positions.reference_date

    union

    select
        traced.from_date,
        traced.from_code,
        change_dates.change_no,
        coalesce(changes.new_code, traced.to_code) as to_code,
        traced.is_unchanged and changes.new_code is null as is_unchanged
    from traced
    inner join change_dates
        on traced.change_no + 1 = change_dates.change_no
    left join changes
        on
            change_dates.effective_date = changes.effective_date
            and traced.to_code = changes.old_code

),

linked as (

    select
        traced.from_date,
        traced.from_code,
        register_positions.reference_date as to_date,
        traced.to_code,
        bool_and(traced.is_unchanged) as is_unchanged
    from traced
    inner join register_positions
        on
            traced.change_no = register_positions.change_no
            and traced.from_date <= register_positions.reference_date
    group by all

),

counted as (

    select
        *,
        count(*) over (partition by from_date, from_code, to_date) as successors,
        count(*) over (partition by from_date, to_date, to_code) as predecessors
    from linked

)

select
    from_date,
    from_code,
    to_date,
    to_code,
    is_unchanged,
    cast(successors as integer) as successors,
    cast(predecessors as integer) as predecessors,
    bool_and(successors = 1) over (partition by from_date, to_date, to_code) as is_harmonisable
from counted
order by from_date, from_code, to_date, to_code
