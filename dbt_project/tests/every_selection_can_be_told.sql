-- Whether a criterion of selection is met can be told of everyone who answered. Of who is shown it cannot: rules that are not
-- assessable could make up the number that the criterion asks for. It does not select them; a supervisor may.
select
    signals.survey_year,
    signals.municipality_code,
    criteria.criterion,
    criteria.at_least,
    string_agg(distinct signals.rule, ', ' order by signals.rule) filter (where signals.signal = 'triggered') as triggered,
    string_agg(distinct signals.rule, ', ' order by signals.rule) filter (where signals.signal = 'not_assessable') as not_assessable
from {{ ref('stg_risk__criteria') }} as criteria
inner join {{ ref('fct_risk_signals') }} as signals
    on
        criteria.rule = signals.rule
        and signals.survey_year between criteria.valid_from and coalesce(criteria.valid_to, signals.survey_year)
        and signals.is_respondent
        and signals.signal != 'not_triggered'
group by signals.survey_year, signals.municipality_code, criteria.criterion, criteria.at_least
having
    count(distinct if(criteria.counts = 'subjects', signals.subject, signals.rule)) filter (where signals.signal = 'triggered')
    < criteria.at_least
    and count(distinct if(criteria.counts = 'subjects', signals.subject, signals.rule)) >= criteria.at_least
order by signals.survey_year, signals.municipality_code, criteria.criterion
