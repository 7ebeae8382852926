{# One select a measure, below each other: what each row of a source contributes. A measure is a tuple: its name, what stands
   above the line and below it (null: a total), and who is in its base. #}
{% macro contributions(source, measures, population='null') -%}
    {%- for measure, numerator, denominator, in_base in measures %}
    select
        '{{ measure }}' as measure,
        survey_year,
        {{ population }} as population,
        municipality_code,
        {{ numerator }} as numerator,
        {{ denominator }} as denominator
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
        when 'total' then cast(sum(numerator) as double)
        when 'ratio' then sum(numerator) / nullif(sum(denominator), 0)
        when 'ratio_mean'
            then cast(sum(cast(numerator / denominator as decimal(24, 12))) as double) / nullif(count(*), 0)
        when 'ratio_median' then median(numerator / denominator)
    end as value,
    min(numerator / coalesce(denominator, 1)) as lowest,
    max(numerator / coalesce(denominator, 1)) as highest,
    count(*) as n_municipalities
{%- endmacro %}

{# Which of these numbers a cell states. #}
{% macro stated_value() -%}
    case statistic
        when 'value' then summed.value
        when 'numerator' then summed.numerator
        when 'denominator' then summed.denominator
        when 'n_municipalities' then summed.n_municipalities
        when 'min' then summed.lowest
        when 'max' then summed.highest
    end
{%- endmacro %}
