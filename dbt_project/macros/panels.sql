{# What a panel is called among the populations: panel_strict_2020_2022. #}
{% macro panel_population() -%}
    'panel_' || panel || '_' || first_reference_year || '_' || last_reference_year
{%- endmacro %}
