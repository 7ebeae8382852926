{# Every combination of these columns of the model is in another, to: a relationship with a key of several columns. #}
{% test exists_in(model, columns, to) %}

select distinct {{ columns | join(', ') }}
from {{ model }}
except
select {{ columns | join(', ') }}
from {{ to }}

{% endtest %}
