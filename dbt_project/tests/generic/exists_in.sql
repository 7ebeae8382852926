{# Every combination of these columns is in another model: a relationship with a key of several columns. #}
{% test exists_in(model, columns, to) %}

select distinct {{ columns | join(', ') }}
from {{ model }}
except
select {{ columns | join(', ') }}
from {{ to }}

{% endtest %}
