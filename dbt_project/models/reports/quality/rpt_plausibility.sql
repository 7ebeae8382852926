with plausibility as (

    select * from {{ ref('fct_plausibility') }}

),

rules as (

    select * from {{ ref('dim_plausibility_rule') }}

),

labels as (

    select * from {{ ref('dim_label') }}
    where vocabulary = 'count'

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

counted as (

    select
        rule,
        survey_year,
        count(*) as municipalities,
        count(*) filter (where status = 'warning') as n_warning,
        count(*) filter (where status = 'confirmed') as n_confirmed,
        count(*) filter (where status = 'ok') as n_ok,
        count(*) filter (where status = 'not_assessable') as n_not_assessable
    from plausibility
    group by rule, survey_year

),

thresholds as (

    select
        rules.*,
        {% for bound in ['at_least', 'at_most'] %}
            rtrim(rtrim(cast(rules.{{ bound }} * 100 as varchar), '0'), '.') || '%' as {{ bound }}_text,
        {% endfor %}
        coalesce('het aantal ' || labels.label_nl, 'het aantal van vorig jaar') as beside_nl,
        coalesce('the ' || labels.label_en, 'last year''s number') as beside_en
    from rules
    left join labels
        on rules.other_concept = labels.code

),

explained as (

    select
        *,
        case kind
            when 'equal_to_last_year' then 'precies gelijk aan vorig jaar, vanaf ' || smallest
            when 'choice_changed' then 'andere indicatoren dan vorig jaar, ook als het er evenveel zijn'
            else
                replace(concat_ws(' of ', 'minder dan ' || at_least_text, 'meer dan ' || at_most_text), '.', ',')
                || ' van '
                || beside_nl
                || if(margin > 0, ', en meer dan ' || margin || ' verschil', '')
        end as when_odd_nl,
        case kind
            when 'equal_to_last_year' then 'exactly last year''s, from ' || smallest || ' on'
            when 'choice_changed' then 'other indicators than last year, as many or not'
            else
                concat_ws(' or ', 'less than ' || at_least_text, 'more than ' || at_most_text)
                || ' of '
                || beside_en
                || if(margin > 0, ', and more than ' || margin || ' apart', '')
        end as when_odd_en
    from thresholds

)

select
    counted.survey_year,
    survey_years.reference_year,
    explained.rule_no,
    explained.rule,
    explained.label_nl,
    explained.label_en,
    explained.when_odd_nl,
    explained.when_odd_en,
    counted.n_warning,
    counted.n_confirmed,
    counted.n_ok,
    counted.n_not_assessable,
    counted.municipalities,
    survey_years.origin
from counted
inner join explained
    on counted.rule = explained.rule
inner join survey_years
    on counted.survey_year = survey_years.survey_year
order by explained.rule_no asc, counted.survey_year desc
