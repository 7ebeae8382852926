{# Every row obeys the rule; the rows that break it are shown. #}
{% test rows_where(model, rule) %}

select *
from {{ model }}
where not coalesce({{ rule }}, false)

{% endtest %}
