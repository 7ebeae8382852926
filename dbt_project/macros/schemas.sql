{#- A model's schema is what its folder is configured with, as it is: 'internal', never 'main_internal'. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
