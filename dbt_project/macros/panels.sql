{# What a panel is called among the populations: panel_strict_2020_2022 for consecutive years, first to last; for any others all of them,
   panel_strict_2019_2021_2022, and panel_strict_2019_and_2021 for two, which 2019 to 2021 would be called otherwise. #}
{% macro panel_population() -%}
    'panel_'
    || panel
    || '_'
    || case
        when last_reference_year - first_reference_year + 1 = len(string_split(reference_years, ','))
            then first_reference_year || '_' || last_reference_year
        when len(string_split(reference_years, ',')) = 2
            then first_reference_year || '_and_' || last_reference_year
        else replace(reference_years, ',', '_')
    end
{%- endmacro %}
