with held as (

    select distinct
        'risk_rule' as kind,
        rule,
        valid_from,
        valid_to,
        confirmed_until
    from {{ ref('stg_risk__rules') }}
    union all
    select distinct
        'selection_criterion' as kind,
        criterion as rule,
        valid_from,
        valid_to,
        confirmed_until
    from {{ ref('stg_risk__criteria') }}
    union all
    select
        'supervision_move' as kind,
        step as rule,
        0 as valid_from,
        null as valid_to,
        confirmed_until
    from {{ ref('stg_supervision__moves') }}
    where is_event
    union all
    select
        'plausibility_rule' as kind,
        rule,
        valid_from,
        valid_to,
        confirmed_until
    from {{ ref('stg_plausibility__rules') }}

),

labels as (

    select * from {{ ref('dim_label') }}
    where vocabulary = 'rule_kind'

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}
    where respondents > 0

)

select
    survey_years.survey_year,
    held.kind,
    labels.label_nl,
    labels.label_en,
    held.confirmed_until,
    count(*) as rules,
    count(*) filter (where survey_years.survey_year > held.confirmed_until) as to_be_confirmed,
    coalesce(list(held.rule order by held.rule) filter (where survey_years.survey_year > held.confirmed_until), [])
        as rules_to_be_confirmed
from held
inner join survey_years
    on survey_years.survey_year between held.valid_from and coalesce(held.valid_to, survey_years.survey_year)
inner join labels
    on held.kind = labels.code
group by all
order by survey_years.survey_year, any_value(labels.code_no)
