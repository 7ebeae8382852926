{# A question to a municipality with its words filled in: {value} becomes the number in the column value, as the language prints it.
   language: 'nl' or 'en'; the text is in the column ask_<language>. Gives a varchar; a number that is missing leaves nothing. #}
{% macro asked_of_municipality(language) -%}
    {%- set filled = namespace(text='ask_' ~ language) -%}
    {%- for word, text in [
        ('value', printed_number('value', 0, language)),
        ('other_value', printed_number('other_value', 0, language)),
        ('last_year_value', printed_number('last_year_value', 0, language)),
        ('reference_year', 'cast(reference_year as varchar)'),
        ('last_reference_year', 'cast(last_reference_year as varchar)'),
    ] -%}
        {%- set filled.text = "replace(" ~ filled.text ~ ", '{" ~ word ~ "}', coalesce(" ~ text ~ ", ''))" -%}
    {%- endfor -%}
    {{ filled.text }}
{%- endmacro %}
