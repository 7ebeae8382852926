{# The labels of a group of options between quotation marks, in their order. language: 'nl' or 'en'; missing: the words for an option that is
   none. Gives a varchar; the options are called options. #}
{% macro quoted_labels(language, missing) -%}
    string_agg(
        coalesce('‘' || options.label_{{ language }} || '’', '{{ missing }}'), ', ' order by options.option_position
    )
{%- endmacro %}
