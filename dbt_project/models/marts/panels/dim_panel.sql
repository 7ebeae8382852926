with judged as (

    select * from {{ ref('int_panels__judged') }}

),

panels as (

    select
        population,
        panel,
        reference_years,
        cast(count(distinct municipality_code) filter (where exclusion_reason is null) as integer) as municipalities
    from judged
    group by population, panel, reference_years

)

select
    panels.population,
    panels.panel,
    panels.reference_years,
    labels.label_nl || ' ' || array_to_string(panels.reference_years, ', ') as label_nl,
    labels.label_en || ' ' || array_to_string(panels.reference_years, ', ') as label_en,
    panels.municipalities
from panels
inner join {{ ref('dim_label') }} as labels
    on
        labels.vocabulary = 'panel'
        and panels.panel = labels.code
order by panels.population
