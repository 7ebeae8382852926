{# What is rounded so that it adds up. Whole-number arithmetic throughout; the numerators may be negative, the denominators not. #}

{# numerator ÷ denominator, two whole numbers, as a whole number: rounded down, below zero too. #}
{% macro floored(numerator, denominator) -%}
    (({{ numerator }}) - {{ left_over(numerator, denominator) }}) // ({{ denominator }})
{%- endmacro %}

{# What rounding numerator ÷ denominator down leaves over, a whole number: 0 or more, and less than the denominator. #}
{% macro left_over(numerator, denominator) -%}
    ((({{ numerator }}) % ({{ denominator }}) + ({{ denominator }})) % ({{ denominator }}))
{%- endmacro %}

{# The largest remainder method: parts that were rounded down share out what they lack to their whole, one unit each, to those
   that lost most by it. rounded_down and remainder: of each part; whole: what the parts must add up to; window: the partition of one whole;
   order_by: who comes first among those that lost as much. Gives the part as a whole number. #}
{% macro largest_remainder(rounded_down, remainder, whole, window, order_by) -%}
    {{ rounded_down }}
    + case
        when
            row_number() over ({{ window }} order by {{ remainder }} desc, {{ order_by }})
            <= {{ whole }} - sum({{ rounded_down }}) over ({{ window }})
            then 1
        else 0
    end
{%- endmacro %}

{# whole_number units of 10^-decimals as a decimal of so many digits: a product, because a quotient of two whole numbers is a float. #}
{% macro in_units(whole_number, decimals, digits) -%}
    cast(
        cast({{ whole_number }} as decimal({{ digits - decimals }}, 0))
        * cast('0.{{ '0' * (decimals - 1) }}1' as decimal({{ decimals }}, {{ decimals }}))
        as decimal({{ digits }}, {{ decimals }})
    )
{%- endmacro %}
