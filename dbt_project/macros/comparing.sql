{# How many municipalities of a group the number beside a municipality's own rests on at least: of fewer it says more of single
   municipalities than of the group. Gives a whole number. #}
{% macro fewest_compared() -%}
    10
{%- endmacro %}
