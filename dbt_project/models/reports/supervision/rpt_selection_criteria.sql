with criteria as (

    select * from {{ ref('dim_supervision_criterion') }}

),

survey_years as (

    select distinct survey_year from {{ ref('fct_risk_assessment') }}

),

met as (

    select
        survey_year,
        municipality_code,
        unnest(selected_by) as criterion
    from {{ ref('fct_supervision_selection') }}

)

select
    survey_years.survey_year,
    criteria.criterion_no,
    criteria.criterion,
    criteria.domain,
    criteria.label_nl,
    criteria.label_en,
    criteria.rests_on,
    count(met.municipality_code) as municipalities
from criteria
inner join survey_years
    on survey_years.survey_year between criteria.valid_from and coalesce(criteria.valid_to, survey_years.survey_year)
left join met
    on
        survey_years.survey_year = met.survey_year
        and criteria.criterion = met.criterion
group by all
order by survey_years.survey_year, criteria.criterion_no
