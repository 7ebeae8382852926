{# The concepts of the three vve counts. Gives a list of varchar. #}
{% macro vve_counts() -%}
    ['target_toddlers', 'places', 'reached_toddlers']
{%- endmacro %}
