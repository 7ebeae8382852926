{# A question to a municipality with its words filled in: {value} becomes what the column value_text_<language> says, and so on. #}
{% macro asked_of_municipality(language) -%}
    {%- set filled = namespace(text='ask_' ~ language) -%}
    {%- for word, text in [
        ('value', 'value_text_' ~ language),
        ('other_value', 'other_value_text_' ~ language),
        ('last_year_value', 'last_year_value_text_' ~ language),
        ('reference_year', 'cast(reference_year as varchar)'),
        ('last_reference_year', 'cast(last_reference_year as varchar)'),
    ] -%}
        {%- set filled.text = "replace(" ~ filled.text ~ ", '{" ~ word ~ "}', coalesce(" ~ text ~ ", ''))" -%}
    {%- endfor -%}
    {{ filled.text }}
{%- endmacro %}
