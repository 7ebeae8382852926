{# A list as text, for readers of a published column: its elements with commas between.
   list: an expression that gives a list. Gives a varchar; null where the list is null or empty. #}
{% macro list_text(list) -%}
    nullif(array_to_string({{ list }}, ','), '')
{%- endmacro %}
