{# Of the model of judged answers: what a municipality confirmed is the answer that counts, and odd; a confirmation of anything else is shown, the newest first.
   confirmations: the model of what stewards recorded as confirmed. #}
{% test confirmations_hold(model, confirmations) %}

select
    confirmed.survey_year,
    confirmed.municipality_code,
    confirmed.rule,
    confirmed.value as confirmed_value,
    judged.value as present_value,
    judged.status
from {{ confirmations }} as confirmed
left join {{ model }} as judged
    on
        confirmed.survey_year = judged.survey_year
        and confirmed.municipality_code = judged.municipality_code
        and confirmed.rule = judged.rule
where judged.status is distinct from 'confirmed'
order by confirmed.survey_year desc, confirmed.municipality_code asc, confirmed.rule asc

{% endtest %}
