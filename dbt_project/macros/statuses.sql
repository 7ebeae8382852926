{# How many were asked, gave an answer or gave none, and why: the counts from which a base and its unknowns follow.
   rows: the alias of rows with is_asked and status. Gives the columns base, answered, no_answer, not_available, not_collected, invalid. #}
{% macro counted_statuses(rows) -%}
    count(*) filter (where {{ rows }}.is_asked and {{ rows }}.status != 'not_collected') as base,
    {% for status in ['answered', 'no_answer', 'not_available', 'not_collected', 'invalid'] -%}
    count(*) filter (where {{ rows }}.is_asked and {{ rows }}.status = '{{ status }}') as {{ status }}{{ ',' if not loop.last }}
    {% endfor %}
{%- endmacro %}
