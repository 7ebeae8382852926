with municipalities as (

    select * from {{ ref('stg_registers__municipalities') }}

),

changes as (

    select * from {{ ref('stg_registers__municipality_changes') }}

),

known as (

    select
        municipality_code,
        arg_max(municipality_name, reference_date) as municipality_name,
        arg_max(province_code, reference_date) as province_code,
        arg_max(province, reference_date) as province,
        min(reference_date) as first_register_date,
        max(reference_date) as last_register_date
    from municipalities
    group by municipality_code

),

first_and_last as (

    select
        min(reference_date) as first_register_date,
        max(reference_date) as last_register_date
    from municipalities

),

started as (

    select
        new_code as municipality_code,
        min(effective_date) as effective_date
    from changes
    group by new_code

),

ended as (

    select
        changes.old_code as municipality_code,
        min(changes.effective_date) as effective_date,
        min(changes.kind) as kind
    from changes
    inner join known
        on
            changes.old_code = known.municipality_code
            and changes.effective_date > known.last_register_date
    where changes.old_code != changes.new_code
    group by changes.old_code

),

enlarged as (

    select
        old_code as municipality_code,
        string_agg(distinct cast(effective_date as varchar), ', ' order by cast(effective_date as varchar))
            as territory_changed_on
    from changes
    where old_code = new_code
    group by old_code

),

current_codes as (

    select
        linked.from_code as municipality_code,
        string_agg(linked.to_code, ', ' order by linked.to_code) as current_codes,
        string_agg(successor.municipality_name, ', ' order by linked.to_code) as current_names,
        count(*) as successors
    from {{ ref('int_municipalities__linked') }} as linked
    inner join known
        on
            linked.from_code = known.municipality_code
            and linked.from_date = known.last_register_date
    inner join first_and_last
        on linked.to_date = first_and_last.last_register_date
    inner join known as successor
        on linked.to_code = successor.municipality_code
    group by linked.from_code

)

select
    known.municipality_code,
    known.municipality_name,
    known.province_code,
    known.province,
    case
        when known.first_register_date = first_and_last.first_register_date then known.first_register_date
        else coalesce(started.effective_date, known.first_register_date)
    end as valid_from,
    cast(ended.effective_date - interval 1 day as date) as valid_to,
    ended.kind as ended_by,
    enlarged.territory_changed_on,
    current_codes.current_codes,
    current_codes.current_names,
    current_codes.successors > 1 as is_split,
    case when current_codes.successors = 1 then current_codes.current_codes end as harmonised_code
from known
cross join first_and_last
left join started
    on known.municipality_code = started.municipality_code
left join ended
    on known.municipality_code = ended.municipality_code
left join enlarged
    on known.municipality_code = enlarged.municipality_code
left join current_codes
    on known.municipality_code = current_codes.municipality_code
order by known.municipality_code
