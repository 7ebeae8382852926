with catalogue as (

    select * from {{ ref('stg_reports__catalogue') }}

),

cells as (

    select * from {{ ref('rpt_cells') }}

),

described as (

    select distinct
        report,
        position,
        table_id,
        kind,
        title_nl,
        title_en,
        source_nl,
        source_en,
        note_nl,
        note_en,
        row_heading_nl,
        row_heading_en
    from catalogue

),

-- A table can only speak of 'n' when all its cells rest on the same number of municipalities.
rested as (

    select
        report,
        table_id,
        origin,
        case when min(n_municipalities) = max(n_municipalities) then cast(max(n_municipalities) as varchar) end as n
    from cells
    group by report, table_id, origin

)

select
    described.report,
    described.position,
    described.table_id,
    described.kind,
    replace(described.title_nl, '{n}', coalesce(rested.n, '{n}')) as title_nl,
    replace(described.title_en, '{n}', coalesce(rested.n, '{n}')) as title_en,
    described.source_nl,
    described.source_en,
    described.note_nl,
    described.note_en,
    described.row_heading_nl,
    described.row_heading_en,
    rested.origin
from described
inner join rested
    on
        described.report = rested.report
        and described.table_id = rested.table_id
order by described.report, described.position
