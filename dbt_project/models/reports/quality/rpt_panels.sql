with panels as (

    select * from {{ ref('dim_panel') }}

),

members as (

    select distinct
        population,
        municipality_code
    from {{ ref('fct_panel') }}

),

exclusions as (

    select * from {{ ref('fct_panel_exclusions') }}

),

labels as (

    select * from {{ ref('dim_label') }}
    where vocabulary = 'panel'

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

inputs as (

    select if(bool_or(origin = 'synthetic'), 'synthetic', 'real') as origin from survey_years

),

judged as (

    select
        population,
        null as exclusion_reason
    from members
    union all
    select
        population,
        exclusion_reason
    from exclusions

),

counted as (

    select
        population,
        count(*) as municipalities,
        count(*) filter (where exclusion_reason is null) as n,
        count(*) filter (where exclusion_reason = 'territory_changed') as n_territory_changed,
        count(*) filter (where exclusion_reason = 'split_not_harmonisable') as n_split_not_harmonisable,
        count(*) filter (where exclusion_reason = 'not_a_respondent') as n_not_a_respondent,
        count(*) filter (where exclusion_reason = 'incomplete') as n_incomplete
    from judged
    group by population

)

select
    counted.population,
    panels.panel,
    labels.label_nl,
    labels.label_en,
    panels.reference_years,
    array_to_string(panels.reference_years[:-2], ', ') || ' en ' || panels.reference_years[-1] as years_nl,
    array_to_string(panels.reference_years[:-2], ', ') || ' and ' || panels.reference_years[-1] as years_en,
    counted.n,
    case when panels.panel = 'strict' then counted.n_territory_changed end as n_territory_changed,
    case when panels.panel = 'harmonised' then counted.n_split_not_harmonisable end as n_split_not_harmonisable,
    counted.n_not_a_respondent,
    counted.n_incomplete,
    counted.municipalities,
    inputs.origin
from counted
inner join panels
    on counted.population = panels.population
inner join labels
    on panels.panel = labels.code
cross join inputs
order by labels.code_no, len(panels.reference_years), panels.reference_years
