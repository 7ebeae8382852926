with catalogue as (

    select distinct
        report,
        table_id,
        title_nl,
        title_en
    from {{ ref('stg_catalogue__cells') }}

),

-- The n of a title is what its cells rest on, as far as that is public; where it differs, from the lowest to the
-- highest.
rested as (

    select
        report,
        table_id,
        coalesce(min(n_municipalities), 0)
        || case when min(n_municipalities) < max(n_municipalities) then '–' || max(n_municipalities) else '' end as n
    from {{ ref('rpt_public_cells') }}
    group by report, table_id

)

select
    tables.*
    replace (
        replace(catalogue.title_nl, '{n}', rested.n) as title_nl,
        replace(catalogue.title_en, '{n}', rested.n) as title_en
    )
from {{ ref('rpt_tables') }} as tables
inner join catalogue
    on
        tables.report = catalogue.report
        and tables.table_id = catalogue.table_id
inner join rested
    on
        tables.report = rested.report
        and tables.table_id = rested.table_id
order by tables.report, tables.position
