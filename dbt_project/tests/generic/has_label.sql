{# Every code of column_name of the model has its label in the vocabulary of that name in data/labels.yaml; the codes that
   lack one are shown. #}
{% test has_label(model, column_name, vocabulary) %}

select distinct {{ column_name }} as code_without_label
from {{ model }}
where {{ column_name }} is not null
except
select code
from {{ ref('dim_label') }}
where vocabulary = '{{ vocabulary }}'

{% endtest %}
