{# How many municipalities of a group the number beside a municipality's own rests on at least: of fewer it says more of single
   municipalities than of the group. Gives a whole number, the limit of rule too_few in data/disclosure.yaml. #}
{% macro fewest_compared() -%}
    (select rules.rule_limit from {{ ref('stg_disclosure__rules') }} as rules where rules.kind = 'rule' and rules.name = 'too_few')
{%- endmacro %}
