{# How a number is printed: '53.257' and '77,4' in Dutch, '53,257' and '77.4' in English.
   scaled: the number as a whole one, already rounded and multiplied by 10^decimals, so that nothing is rounded twice; language: 'nl' or
   'en'. Gives a varchar; null where there is no number. #}
{% macro printed_number(scaled, decimals, language) -%}
    {%- set thousands = "'{:t.}'" if language == 'nl' else "'{:,}'" -%}
    {%- set decimal_separator = "','" if language == 'nl' else "'.'" -%}
    format({{ thousands }}, {{ scaled }} // cast(power(10, {{ decimals }}) as bigint))
    || case
        when {{ decimals }} > 0
            then
                {{ decimal_separator }}
                || lpad(
                    cast({{ scaled }} % cast(power(10, {{ decimals }}) as bigint) as varchar), {{ decimals }}, '0'
                )
        else ''
    end
{%- endmacro %}

{# A cell as it is printed, from its columns scaled_value, decimals and unit. language: 'nl' or 'en'. Gives a varchar; – where there is no
   number. #}
{% macro value_text(language) -%}
    coalesce({{ printed_number('scaled_value', 'decimals', language) }} || if(unit = 'share', '%', ''), '–')
{%- endmacro %}
