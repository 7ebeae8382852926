with categories as (

    select * from {{ ref('stg_catalogue__categories') }}

),

report_breakdowns as (

    select distinct
        breakdown,
        like_breakdown
    from {{ ref('stg_registers__report_classification') }}

),

-- A report's own classes are called what the register's are.
of_reports as (

    select
        categories.* replace (
            report_breakdowns.breakdown as breakdown,
            null as column_name,
            'report' as origin
        )
    from categories
    inner join report_breakdowns
        on categories.breakdown = report_breakdowns.like_breakdown

)

select * from categories
union all
select * from of_reports
order by breakdown, category_no
