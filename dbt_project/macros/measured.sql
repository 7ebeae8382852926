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
   order in which threads happen to add. kind: a column with the measure's kind. Gives the columns numerator, denominator, value, lowest,
   highest, n_municipalities and n_unknown, of rows with numerator, denominator and unknown. #}
{% macro measured(kind) -%}
    case when {{ kind }} in ('total', 'ratio') then cast(sum(numerator) as bigint) end as numerator,
    case when {{ kind }} = 'ratio' then cast(sum(denominator) as bigint) end as denominator,
    case {{ kind }}
        when 'total' then cast({{ value_of('total') }} as double)
        {%- for one in ('ratio', 'ratio_mean', 'ratio_median') %}
        when '{{ one }}' then {{ value_of(one) }}
        {%- endfor %}
    end as value,
    min({{ contributed() }}) as lowest,
    max({{ contributed() }}) as highest,
    count(*) as n_municipalities,
    cast(coalesce(sum(unknown), 0) as bigint) as n_unknown
{%- endmacro %}

{# Which of these numbers, of the rows summed, a cell's statistic states; a number of municipalities is 0 where nobody is in the base.
   kind: a column with the measure's kind, null where the cell has no measure. Gives a double. #}
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
