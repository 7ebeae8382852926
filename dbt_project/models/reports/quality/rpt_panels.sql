with members as (

    select distinct
        panel,
        reference_years,
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
        panel,
        reference_years,
        null as exclusion_reason
    from members
    union all
    select
        panel,
        reference_years,
        exclusion_reason
    from exclusions

),

counted as (

    select
        panel,
        reference_years,
        count(*) as municipalities,
        count(*) filter (where exclusion_reason is null) as n,
        count(*) filter (where exclusion_reason = 'territory_changed') as n_territory_changed,
        count(*) filter (where exclusion_reason = 'split_not_harmonisable') as n_split_not_harmonisable,
        count(*) filter (where exclusion_reason = 'not_a_respondent') as n_not_a_respondent,
        count(*) filter (where exclusion_reason = 'incomplete') as n_incomplete
    from judged
    group by panel, reference_years

)

select
    counted.panel,
    labels.label_nl,
    labels.label_en,
    counted.reference_years,
    regexp_replace(replace(counted.reference_years, ',', ', '), ', (\d+)$', ' en \1') as years_nl,
    regexp_replace(replace(counted.reference_years, ',', ', '), ', (\d+)$', ' and \1') as years_en,
    counted.n,
    case when counted.panel = 'strict' then counted.n_territory_changed end as n_territory_changed,
    case when counted.panel = 'harmonised' then counted.n_split_not_harmonisable end as n_split_not_harmonisable,
    counted.n_not_a_respondent,
    counted.n_incomplete,
    counted.municipalities,
    inputs.origin
from counted
inner join labels
    on counted.panel = labels.code
cross join inputs
order by labels.code_no, len(string_split(counted.reference_years, ',')), counted.reference_years
