{# In the model of judged answers none is odd by this rule of data/plausibility.yaml; the newest and the largest warnings are shown first. #}
{% test no_warning_of(model, rule) %}
{{ config(
    severity='warn',
    meta={'remedy': 'ask the municipality what rpt_call_list says, and record its answer in data/corrections: a correction, or confirmed'}
) }}

select
    survey_year,
    municipality_code,
    value,
    other_value,
    last_year_value,
    lower_limit,
    upper_limit,
    deviation,
    ask_nl
from {{ model }}
where rule = '{{ rule }}' and status = 'warning'
order by survey_year desc, deviation desc nulls last, municipality_code

{% endtest %}
