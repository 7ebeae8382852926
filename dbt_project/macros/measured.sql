{# The amounts of a municipality by name, as a column: what a measure of data/catalogue/measures.yaml can divide.
   columns: a list of columns (numbers, or conditions that count as 1 or 0); expressions: others, a dictionary of name → SQL.
   Gives a map of varchar to bigint. #}
{% macro named_amounts(columns, expressions={}) -%}
    map(
        ['{{ (columns + expressions.keys() | list) | join("', '") }}'],
        [
            {%- for expression in columns + expressions.values() | list %}
            cast({{ expression }} as bigint){{ ',' if not loop.last }}
            {%- endfor %}
        ]
    )
{%- endmacro %}

{# One of those amounts, of the column amounts.amounts. name: a column with its name. Gives a bigint: null where the municipality lacks
   it, or the name is null or a number; any other name ends the run, because its measure would be of nobody. #}
{% macro amount(name) -%}
    case
        when map_contains(amounts.amounts, {{ name }}) or {{ name }} is null then amounts.amounts[{{ name }}]
        when try_cast({{ name }} as bigint) is null
            then error('data/catalogue/measures.yaml: ' || measures.measure || ' has no amount ' || {{ name }})
    end
{%- endmacro %}

{# The numbers of a measure over a group of its members. Municipal shares are added as decimals: a sum of floats depends on the
   order in which threads happen to add. #}
{% macro measured(kind) -%}
    case when {{ kind }} in ('total', 'ratio') then cast(sum(numerator) as bigint) end as numerator,
    case when {{ kind }} = 'ratio' then cast(sum(denominator) as bigint) end as denominator,
    case {{ kind }}
        when 'total' then cast(sum(numerator) as double)
        when 'ratio' then {{ quotient('sum(numerator)', 'sum(denominator)') }}
        when 'ratio_mean'
            then
                {{
                    quotient(
                        'cast(sum(cast(' ~ quotient('numerator', 'denominator') ~ ' as decimal(24, 12))) as double)',
                        'count(*)'
                    )
                }}
        when 'ratio_median' then median({{ quotient('numerator', 'denominator') }})
    end as value,
    min({{ quotient('numerator', 'coalesce(denominator, 1)') }}) as lowest,
    max({{ quotient('numerator', 'coalesce(denominator, 1)') }}) as highest,
    count(*) as n_municipalities,
    cast(coalesce(sum(unknown), 0) as bigint) as n_unknown
{%- endmacro %}

{# Which of these numbers a cell states; a number of municipalities is 0 where nobody is in the base. #}
{% macro stated_value(kind) -%}
    case statistic
        when 'value' then summed.value
        when 'numerator' then coalesce(summed.numerator, case when {{ kind }} = 'ratio' then 0 end)
        when 'denominator' then coalesce(summed.denominator, case when {{ kind }} = 'ratio' then 0 end)
        when 'n_municipalities' then coalesce(summed.n_municipalities, case when {{ kind }} is not null then 0 end)
        when 'min' then summed.lowest
        when 'max' then summed.highest
    end
{%- endmacro %}
