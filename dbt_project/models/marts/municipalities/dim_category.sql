with categories as (

    select * from {{ ref('stg_catalogue__categories') }}

),

municipalities as (

    select * from {{ ref('stg_registers__municipalities') }}

),

report_classification as (

    select * from {{ ref('stg_registers__report_classification') }}

),

classifications as (

    select distinct classification from report_classification

),

provinces as (

    select
        'province' as breakdown,
        'Provincie' as breakdown_label_nl,
        'Province' as breakdown_label_en,
        province_code as category,
        cast(row_number() over (order by province_code) as integer) as category_no,
        max(province) as label_nl,
        max(province) as label_en
    from municipalities
    group by province_code

),

-- A report's own classes are called what the register's are.
of_reports as (

    select
        categories.breakdown || '_' || classifications.classification as breakdown,
        categories.breakdown_label_nl,
        categories.breakdown_label_en,
        categories.category,
        categories.category_no,
        categories.label_nl,
        categories.label_en
    from categories
    cross join classifications
    where categories.breakdown in ('urbanisation_class', 'disadvantage_group')

)

select * from categories
union all
select * from provinces
union all
select * from of_reports
order by breakdown, category_no
