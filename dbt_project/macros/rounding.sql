{# numerator ÷ denominator as a float; null where the denominator is 0 or missing. The one division of the warehouse: a bare '/' gives
   infinity or no number, and ends the run where that is cast. #}
{% macro quotient(numerator, denominator) -%}
    ({{ numerator }}) / nullif({{ denominator }}, 0)
{%- endmacro %}

{# A percentage from two exact whole counts, rounded half up to the decimals that a table prints: 1 of 8 is 12.5%, so 13%.
   numerator, denominator: the counts; decimals: a whole number. Whole-number arithmetic throughout, because 0.125 is exact in a float and
   0.285 is not. Gives a decimal; null when the denominator is 0. #}
{% macro percent_half_up(numerator, denominator, decimals=0) -%}
    cast(
        (
            (2 * cast({{ numerator }} as hugeint) * {{ 100 * 10 ** decimals }} + cast({{ denominator }} as hugeint))
            // nullif(2 * cast({{ denominator }} as hugeint), 0)
        ) / {{ 10 ** decimals }} as decimal(18, {{ decimals }})
    )
{%- endmacro %}

{# numerator ÷ denominator × 10^decimals as a whole number, rounded half up; decimals may be a column. #}
{% macro scaled_half_up(numerator, denominator, decimals) -%}
    cast(
        (
            2 * cast({{ numerator }} as hugeint) * cast(power(10, {{ decimals }}) as hugeint)
            + cast({{ denominator }} as hugeint)
        ) // nullif(2 * cast({{ denominator }} as hugeint), 0) as bigint
    )
{%- endmacro %}

{# The value of a cell × 10^decimals (× 100 for a percentage) as a whole number, rounded half up: a quotient from its two whole
   numbers, anything else from its value. #}
{% macro scaled_value() -%}
    case
        when statistic = 'value' and denominator is not null
            then {{ scaled_half_up("numerator * if(unit = 'share', 100, 1)", 'denominator', 'decimals') }}
        else cast(
            round(
                cast(value as decimal(30, 12)) * if(unit = 'share', 100, 1) * cast(power(10, decimals) as bigint), 0
            ) as bigint
        )
    end
{%- endmacro %}

{# The value of a cell as it is printed, as a number; a percentage as a share: 0.774 of 77.4%. #}
{% macro rounded_value() -%}
    {{ quotient('scaled_value', "cast(power(10, decimals + if(unit = 'share', 2, 0)) as bigint)") }}
{%- endmacro %}
