{# How a table is made: at once, under its own name, and held to its contract. The warehouse is always built anew in a file of its own,
   which takes the old one's place only when all of it is there, so dbt's swap by way of an intermediate and a backup table protects
   nothing here, and costs a seventh of the build. Hooks, grants and indexes are not used. A build by hand over an existing file replaces
   its tables one by one. What a Python model returns is kept beside it until its contract has been held to it. #}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is not none -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
    {%- if model['language'] == 'python' -%}
        {%- set returned = this.incorporate(path={'identifier': this.identifier ~ '__returned'}, type='table') -%}
        {%- do adapter.drop_relation(returned) -%}
        {%- call statement('returned', language='python') -%}
{{ create_table_as(False, returned, compiled_code, 'python') }}
        {%- endcall -%}
        {%- call statement('main') -%}
{{ contracted_table(target, 'select * from ' ~ returned) }}
        {%- endcall -%}
        {%- do adapter.drop_relation(returned) -%}
    {%- else -%}
        {%- call statement('main') -%}
{{ contracted_table(target, compiled_code) }}
        {%- endcall -%}
    {%- endif -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
