{# The group that a number is about, as the facts of disclosure control name it: a category of one breakdown, or a category within another
   where the cell is about a category itself. own and by: the cell's own breakdown and category, and those that it is broken down by, as
   pairs of columns. Gives the columns breakdown, category, within_breakdown and within_category, after prefix_ where there is a prefix. #}
{% macro fact_group(own, by, prefix='') -%}
    {%- set before = prefix ~ '_' if prefix else '' -%}
    if({{ own[0] }} = 'total', {{ by[0] }}, {{ own[0] }}) as {{ before }}breakdown,
    if({{ own[0] }} = 'total', {{ by[1] }}, {{ own[1] }}) as {{ before }}category,
    if({{ own[0] }} = 'total', 'total', {{ by[0] }}) as {{ before }}within_breakdown,
    if({{ own[0] }} = 'total', 'all', {{ by[1] }}) as {{ before }}within_category
{%- endmacro %}

{# The columns of a cell's number as the public may have them, to replace its own: nothing, and the sign in place of its texts, where
   is_withheld. Of how many it is unknown is said nationally only. Reads the columns is_withheld, is_national and sign. #}
{% macro public_number() -%}
    {%- for column in ('numerator', 'denominator', 'value', 'value_rounded', 'n_municipalities') %}
    if(is_withheld, null, {{ column }}) as {{ column }},
    {%- endfor %}
    if(is_withheld, sign, value_text_nl) as value_text_nl,
    if(is_withheld, sign, value_text_en) as value_text_en,
    if(is_withheld or not is_national, null, n_unknown) as n_unknown
{%- endmacro %}

{# Whether a sum over municipalities may be shown by the rules too_few, largest, two_largest and p_percent of data/disclosure.yaml, as
   assets/disclosure/sums.py judges it. amounts: a list of what each adds, the largest first; reads rules.<rule>. #}
{% macro is_shown_sum(amounts) -%}
    len({{ amounts }}) >= rules.too_few
    and {{ amounts }}[1] * 100 <= rules.largest * list_sum({{ amounts }})
    and list_sum({{ amounts }}[:2]) * 100 <= rules.two_largest * list_sum({{ amounts }})
    and list_sum({{ amounts }}[3:]) * 100 >= rules.p_percent * {{ amounts }}[1]
{%- endmacro %}
