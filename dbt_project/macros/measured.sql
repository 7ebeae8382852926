{# One select per measure, below each other: what each row of a source contributes. A measure is a tuple: its name, what is above
   the line and below it (null: a total), who is in its base, and, where that can be, of whom it is unknown whether they count. #}
{% macro contributions(source, measures, population='null') -%}
    {%- for one in measures %}
    {%- set measure, numerator, denominator, in_base = one[:4] %}
    select
        '{{ measure }}' as measure,
        survey_year,
        {{ population }} as population,
        municipality_code,
        {{ numerator }} as numerator,
        {{ denominator }} as denominator,
        {{ one[4] or 0 }} as unknown
    from {{ source }}
    where {{ in_base }}
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor -%}
{%- endmacro %}

{# The numbers of a measure over a group of its members. Municipal shares are added as decimals: a sum of floats depends on the
   order in which threads happen to add. #}
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
