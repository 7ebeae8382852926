{# One select a measure, below each other. A measure is a tuple: its name, the columns that are its numerator and its
   denominator (none: a total), or the column that is its value where it is no quotient of sums, and the column that counts
   the municipalities on which it rests. #}
{% macro measured(source, measures) -%}
    {%- for measure, numerator, denominator, value, municipalities in measures %}
    select
        '{{ measure }}' as measure,
        survey_year,
        reference_year,
        population,
        breakdown,
        category,
        {% if numerator is none -%} cast(null as bigint) {%- else -%} {{ numerator }} {%- endif %} as numerator,
        {% if denominator is none -%} cast(null as bigint) {%- else -%} {{ denominator }} {%- endif %} as denominator,
        {% if value is not none -%} {{ value }}
        {%- elif denominator is none -%} cast({{ numerator }} as double)
        {%- else -%} {{ numerator }} / nullif({{ denominator }}, 0)
        {%- endif %} as value,
        {{ municipalities }} as n_municipalities
    from {{ source }}
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor -%}
{%- endmacro %}
