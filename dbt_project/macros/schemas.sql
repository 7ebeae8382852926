{#- A model's schema is what its folder is configured with, custom_schema_name, as it is: 'internal', never 'main_internal'. dbt calls it
    for every node. Gives the name of the schema; that of the target where a folder has none. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
