{# What a panel is called among the populations, its one id: panel_strict_2020_2022 for consecutive years, first to last; for any others
   all of them, panel_strict_2019_2021_2022, and panel_strict_2019_and_2021 for two, which 2019 to 2021 would be called otherwise.
   panel: strict or harmonised; years: a list of reference years, ascending. Both are expressions. Gives a varchar. #}
{% macro panel_population(panel, years) -%}
    'panel_'
    || {{ panel }}
    || '_'
    || case
        when {{ years }}[-1] - {{ years }}[1] + 1 = len({{ years }}) then {{ years }}[1] || '_' || {{ years }}[-1]
        when len({{ years }}) = 2 then array_to_string({{ years }}, '_and_')
        else array_to_string({{ years }}, '_')
    end
{%- endmacro %}
