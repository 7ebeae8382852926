{# The group that a number is about, as the facts of disclosure control name it: a category of one breakdown, or a category within another
   where the cell is about a category itself. own and by: the cell's own breakdown and category, and those that it is broken down by, as
   pairs of columns. Gives the columns breakdown, category, within_breakdown and within_category. #}
{% macro fact_group(own, by) -%}
    if({{ own[0] }} = 'total', {{ by[0] }}, {{ own[0] }}) as breakdown,
    if({{ own[0] }} = 'total', {{ by[1] }}, {{ own[1] }}) as category,
    if({{ own[0] }} = 'total', 'total', {{ by[0] }}) as within_breakdown,
    if({{ own[0] }} = 'total', 'all', {{ by[1] }}) as within_category
{%- endmacro %}
