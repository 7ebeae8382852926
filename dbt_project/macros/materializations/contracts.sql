{# A model's contract: types, nulls, grain, domains and ranges, as its yml declares them. dbt's own way asks the database four times more
   for each model, and has an index kept in the file for each key, which makes it four times as large. #}

{# The one statement that builds the table, relation, from the query, compiled_code. It ends the build, with a message that says what is
   wrong, where the query does not give what the contract says; nulls, domains and ranges are refused by DuckDB itself (of the last two,
   DuckLake knows none: they are asked of the rows that are there). #}
{% macro contracted_table(relation, compiled_code) -%}
create table {{ relation }} (
    {{- contracted_columns(not adapter.is_ducklake(relation)) }}
)
;
{{ held_types(relation, compiled_code) }}
;
insert into {{ relation }} by name
{{ compiled_code }}
{{ held_conditions(relation) if adapter.is_ducklake(relation) }}
{{ held_keys(relation) }}
{{ described(relation) }}
{%- endmacro %}

{# The columns of the table: their types, and what the database enforces of every row; has_conditions: whether it can more than nulls. #}
{% macro contracted_columns(has_conditions) -%}
    {%- for column in model.columns.values() %}
    {{ column.name }} {{ column.data_type }}
        {%- for constraint in column.constraints if has_conditions or constraint.type == 'not_null' %}
            {{- ' not null' if constraint.type == 'not_null' else ' check (' ~ constraint.expression ~ ')' }}
        {%- endfor -%}
        {{ ',' if not loop.last }}
    {%- endfor %}
    {%- for constraint in model.constraints | selectattr('type', 'equalto', 'check') if has_conditions %},
    constraint {{ constraint.name }} check ({{ constraint.expression }})
    {%- endfor %}
{%- endmacro %}

{# That the query, compiled_code, gives the columns of the table, relation, with their types; otherwise the differences. #}
{% macro held_types(relation, compiled_code) -%}
    select error(
        '{{ model.name }} does not give the columns of its contract: ' || string_agg(
            format('{} {} ({} in the contract)', column_name, coalesce(given.column_type, 'not given'), coalesce(table_of.column_type, 'not')),
            '; '
        )
    )
    from (describe {{ relation }}) as table_of
    full outer join (describe ({{ compiled_code }})) as given using (column_name)
    where table_of.column_type is distinct from given.column_type
    having count(*) > 0
{%- endmacro %}

{# That every row of the table, relation, is one that its domains and ranges allow; otherwise the first condition that is not met. As in
   a constraint, what cannot be told breaks nothing. #}
{% macro held_conditions(relation) -%}
    {%- for constraint in model.columns.values() | map(attribute='constraints') | sum(start=model.constraints)
        if constraint.type == 'check' %}
    ;
    select error('{{ model.name }} has ' || count(*) || ' rows that are not: {{ constraint.expression | replace("'", "''") }}')
    from {{ relation }}
    where not ({{ constraint.expression }})
    having count(*) > 0
    {%- endfor %}
{%- endmacro %}

{# That no two rows of the table, relation, have the same key (missing values count as the same); otherwise the first such keys. #}
{% macro held_keys(relation) -%}
    {%- for key in model.constraints | selectattr('type', 'in', ['primary_key', 'unique']) %}
        {%- set columns = key.columns | join(', ') %}
    ;
    select error(
        '{{ model.name }} has ' || count(*) || ' keys ({{ columns }}) that appear more than once: '
        || string_agg(doubled || ' ' || times || ' times', '; ' order by place) filter (where place <= 5)
    )
    from (
        select
            row({{ columns }})::varchar as doubled,
            count(*) as times,
            row_number() over (order by {{ columns }}) as place
        from {{ relation }}
        group by {{ columns }}
        having count(*) > 1
    )
    having count(*) > 0
    {%- endfor %}
{%- endmacro %}

{# The descriptions of the table, relation, and of its columns, so that they travel in the file. #}
{% macro described(relation) -%}
    {%- if config.persist_relation_docs() %}
    ;
    comment on table {{ relation }} is '{{ model.description | replace("'", "''") }}'
        {%- for column in model.columns.values() %}
    ;
    comment on column {{ relation }}.{{ column.name }} is '{{ column.description | replace("'", "''") }}'
        {%- endfor %}
    {%- endif %}
{%- endmacro %}
