{# Every row of the model obeys the rule, a condition; the rows that break it, or of which that cannot be told, are shown. #}
{% test rows_where(model, rule) %}

select *
from {{ model }}
where not coalesce({{ rule }}, false)

{% endtest %}
