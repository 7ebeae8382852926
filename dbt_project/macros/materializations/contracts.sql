{# The columns of a table and its constraints, as DuckDB is to enforce them: all but those of its keys. DuckDB would keep an index of
   every key in the file, which quadruples its size; held_keys asks the same of the finished table. #}
{% macro duckdb__get_table_columns_and_constraints() -%}
    {%- set of_rows = model.constraints | rejectattr('type', 'in', ['primary_key', 'unique']) | list -%}
    (
        {{ (
            adapter.render_raw_columns_constraints(raw_columns=model.columns)
            + adapter.render_raw_model_constraints(raw_constraints=of_rows)
        ) | join(',\n        ') }}
    )
{%- endmacro %}

{# Ends the build where two rows of the table, relation, have the same key (missing values count as the same), and names such keys. #}
{% macro held_keys(relation) -%}
    {%- for key in model.constraints | selectattr('type', 'in', ['primary_key', 'unique']) %}
        {%- set columns = key.columns | join(', ') %}
    ;
    select error(
        '{{ model.name }} has ' || count(*) || ' keys ({{ columns }}) that appear more than once: '
        || string_agg(doubled || ' ' || times || ' times', '; ' order by doubled) filter (where place <= 5)
    )
    from (
        select
            count(*) as times,
            row_number() over (order by ({{ columns }})) as place,
            '(' || array_to_string([{% for column in key.columns %}coalesce({{ column }}::varchar, '–'){{ ', ' if not loop.last }}{% endfor %}], ', ') || ')' as doubled
        from {{ relation }}
        group by {{ columns }}
        having count(*) > 1
    )
    having count(*) > 0
    {%- endfor %}
{%- endmacro %}
