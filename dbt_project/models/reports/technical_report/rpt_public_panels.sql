with panels as (

    select * from {{ ref('rpt_panels') }}

),

limits as (

    select rule_limit as fewest
    from {{ ref('stg_disclosure__rules') }}
    where kind = 'rule' and name = 'too_few'

),

judged as (

    select
        panels.*,
        least(panels.n, panels.n_incomplete) >= limits.fewest as is_public
    from panels
    cross join limits

)

select
    * exclude (is_public)
    replace (
        case when is_public then n end as n,
        case when is_public then n_incomplete end as n_incomplete
    )
from judged
order by panel desc, len(string_split(reference_years, ',')) asc, reference_years asc
