{# What a number is of the contributions of its municipalities, by the kind of its measure: both what is computed (measured) and what
   readers are shown (sql_of_members). #}
{% macro value_of(kind) -%}
    {{- {
        'total': 'sum(numerator)',
        'ratio': 'sum(numerator) / nullif(sum(denominator), 0)',
        'ratio_mean': 'cast(sum(cast(numerator / nullif(denominator, 0) as decimal(24, 12))) as double) / count(*)',
        'ratio_median': 'median(numerator / nullif(denominator, 0))',
    }[kind] -}}
{%- endmacro %}

{# What one municipality contributes to it: its own quotient, or its own number. #}
{% macro contributed() -%}
    {{- 'numerator / nullif(coalesce(denominator, 1), 0)' -}}
{%- endmacro %}

{# A column as a text literal of the SQL that is shown. #}
{% macro shown_literal(column) -%}
    '''' || replace({{ column }}, '''', '''''') || ''''
{%- endmacro %}

{# The query of one row that sums a cell from what each municipality contributes. It reads the columns of the cell, first_column_key,
   measure_kind, has_min and has_max. Gives a varchar. #}
{% macro sql_of_members() -%}
    'select'
    || if(measure_kind in ('total', 'ratio'), chr(10) || '    sum(numerator) as numerator,', '')
    || if(measure_kind = 'ratio', chr(10) || '    sum(denominator) as denominator,', '')
    || chr(10) || '    ' || case measure_kind
        {%- for one in ('total', 'ratio', 'ratio_mean', 'ratio_median') %}
        when '{{ one }}' then '{{ value_of(one) }}'
        {%- endfor %}
    end || ' as value,'
    || chr(10) || '    count(*) as n_municipalities'
    || if(has_min, ',' || chr(10) || '    min({{ contributed() }}) as min', '')
    || if(has_max, ',' || chr(10) || '    max({{ contributed() }}) as max', '')
    || chr(10) || 'from rpt_cell_members'
    || chr(10) || 'where report = ' || {{ shown_literal('selected.report') }}
    || chr(10) || '    and table_id = ' || {{ shown_literal('selected.table_id') }}
    || chr(10) || '    and row_key = ' || {{ shown_literal('selected.row_key') }}
    || chr(10) || '    and column_key = ' || {{ shown_literal('first_column_key') }}
{%- endmacro %}

{# The query of one row that counts the same in fct_answers: a second way to the same number. It reads the columns of the cell, and
   chosen and among: the conditions under which an answer is one of the options that are counted, and of those that the base chose.
   Gives a varchar; null where answers and register do not tell who is counted or who is in the group. #}
{% macro sql_of_answers() -%}
{%- set query -%}
select
    count(*) filter (where is_counted) as numerator,
    count(*) as denominator,
    {{ 'numerator / nullif(denominator, 0)' }} as value,
    count(*) as n_municipalities
from (
    select
        municipality_code,
        {} as is_counted
    from fct_answers{}
    where survey_year = {}
        and {}{}
    group by municipality_code{}
)
{%- endset -%}
{%- set of_two = "(\n            ({})\n            or ({})\n        )" -%}
{%- set in_base = {
    'among': "\n    having bool_or(is_asked and is_selected) filter (where {})"
        ~ "\n        and not coalesce(bool_and(status = ''not_collected'') filter (where is_asked and {}), false)",
    'answered': "\n    having bool_and(is_asked and status = ''answered'')",
    'asked': "\n    having bool_or(is_asked and status != ''not_collected'')",
    'respondents': '',
} -%}
    format(
        '{{ query }}',
        'bool_or(is_asked and is_selected)' || if(base = 'among', ' filter (where ' || chosen || ')', ''),
        {{ shown_joins() }},
        selected.survey_year,
        if(base = 'among', format('{{ of_two }}', chosen, among), chosen),
        {{ shown_conditions() }},
        case base
            {%- for one, having in in_base.items() %}
            when '{{ one }}' then {{ "format('" ~ having ~ "', among, chosen)" if one == 'among' else "'" ~ having ~ "'" }}
            {%- endfor %}
        end
    )
{%- endmacro %}

{# The tables of the published database that tell who is in the population and the group of a cell, joined. Null where none does. #}
{% macro shown_joins() -%}
    case
        when
            population not in ('respondents', 'municipalities', coalesce(analysis_population, ''))
            or breakdown not in ('total', 'urbanisation_class', 'disadvantage_group', 'province', 'definition_breadth')
            then null
        else
            if(
                population = analysis_population or breakdown not in ('total', 'definition_breadth'),
                chr(10) || '    inner join dim_municipality_year using (survey_year, municipality_code)',
                ''
            )
            || if(
                breakdown = 'definition_breadth',
                chr(10) || '    inner join fct_definition_breadth using (survey_year, municipality_code)',
                ''
            )
    end
{%- endmacro %}

{# The conditions on these tables. A municipality without a class has none in dim_municipality_year. #}
{% macro shown_conditions() -%}
    if(population = analysis_population, chr(10) || '        and is_in_analysis_population', '')
    || case
        when breakdown = 'total' then ''
        else
            chr(10) || '        and ' || if(breakdown = 'province', 'province_code', breakdown)
            || if(
                category = 'unknown' and breakdown != 'definition_breadth',
                ' is null',
                ' = ' || {{ shown_literal('category') }}
            )
    end
{%- endmacro %}
