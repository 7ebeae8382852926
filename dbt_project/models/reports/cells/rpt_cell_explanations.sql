{#- The words for whose answers are counted. -#}
{%- set words = {
    'nl': {
        'respondents': 'gemeenten met een vragenlijst van {}',
        'municipalities': 'alle gemeenten in het register van {}',
        'strict': 'gemeenten met alle aantallen over {} en in die jaren hetzelfde grondgebied',
        'harmonised': 'gemeenten naar de indeling van deze editie met alle aantallen over {}, hun voorgangers opgeteld',
        'to': ' tot en met ', 'and': ' en ', 'and_of': ' en van ',
    },
    'en': {
        'respondents': 'municipalities with a questionnaire of {}',
        'municipalities': 'all municipalities in the register of {}',
        'strict': 'municipalities with all counts for {} and the same territory in those years',
        'harmonised': 'municipalities by this edition''s borders with all counts for {}, their predecessors added up',
        'to': ' to ', 'and': ' and ', 'and_of': ' and of ',
    },
} -%}
with panel_years as (

    select
        panel,
        population,
    {%- for language, said in words.items() %}
        case
            when reference_years[-1] - reference_years[1] + 1 = len(reference_years)
                then reference_years[1] || '{{ said.to }}' || reference_years[-1]
            else array_to_string(reference_years[:-2], ', ') || '{{ said['and'] }}' || reference_years[-1]
        end as years_{{ language }}{{ ',' if not loop.last }}
    {%- endfor %}
    from {{ ref('dim_panel') }}

),

-- The options of a question that a measure counts, as a condition; null where it counts what is missing: no answer
-- tells that.
options as (

    select
        terms.measure,
        terms.survey_year,
        terms.part,
        case
            when bool_and(terms.option_key != 'missing')
                then
                    'question_id = ' || {{ shown_literal('terms.question_id') }} || ' and option_key in ('
                    || string_agg({{ shown_literal('terms.option_key') }}, ', ' order by known.option_position) || ')'
        end as condition
    from {{ ref('int_measures__questions') }} as terms
    left join {{ ref('stg_questionnaires__options') }} as known
        on
            terms.survey_year = known.survey_year
            and terms.question_id = known.question_id
            and terms.option_key = known.option_key
    group by terms.measure, terms.survey_year, terms.part, terms.question_id

),

-- Cells of one row that select the same, such as a count and its percentage, share one explanation: that of the first.
cells as (

    select
        *,
        min(column_no) over same_selection as first_column_no,
        first_value(column_key) over (same_selection order by column_no) as first_column_key,
        bool_or(statistic = 'min') over same_selection as has_min,
        bool_or(statistic = 'max') over same_selection as has_max
    from {{ ref('rpt_cells') }}
    window same_selection as (
        partition by report, table_id, row_key, measure, survey_year, population, breakdown, category
    )

),

members as (

    select
        report,
        table_id,
        row_key,
        column_key,
        count(*) filter (where numerator > 0) as counted,
        count(*) filter (where numerator = 0) as base_only,
        string_agg(municipality_name, ', ' order by municipality_name) filter (where numerator > 0) as counted_names,
        string_agg(municipality_name, ', ' order by municipality_name) filter (where numerator = 0) as base_only_names
    from {{ ref('rpt_cell_members') }}
    group by report, table_id, row_key, column_key

),

selected as (

    select
        cells.*,
        measures.kind as measure_kind,
        measures.definition_nl,
        measures.definition_en,
        catalogue.base,
        chosen.condition as chosen,
        among.condition as among,
        survey_years.analysis_population,
    {%- for language, said in words.items() %}
        case
            when cells.population in ('respondents', 'municipalities')
                then format(
                        if(cells.population = 'respondents', '{{ said.respondents }}', '{{ said.municipalities }}'),
                        cells.survey_year
                    )
            when cells.population = survey_years.analysis_population
                then format(
                        '{{ said.respondents }}',
                        replace(survey_years.analysis_population_years, ',', '{{ said.and_of }}')
                    )
            when panel_years.panel = 'strict' then format('{{ said.strict }}', panel_years.years_{{ language }})
            when panel_years.panel = 'harmonised' then format('{{ said.harmonised }}', panel_years.years_{{ language }})
            else cells.population
        end
        || case
            when cells.breakdown = 'total' then ''
            else
                '; ' || coalesce(categories.breakdown_label_{{ language }}, cells.breakdown)
                || ': ' || coalesce(categories.label_{{ language }}, cells.category)
        end as base_{{ language }}{{ ',' if not loop.last }}
    {%- endfor %}
    from cells
    inner join {{ ref('dim_measure') }} as measures
        on cells.measure = measures.measure
    left join {{ ref('stg_catalogue__measures') }} as catalogue
        on
            cells.measure = catalogue.measure
            and catalogue.is_option
    left join {{ ref('dim_survey_year') }} as survey_years
        on cells.survey_year = survey_years.survey_year
    left join {{ ref('dim_category') }} as categories
        on
            cells.breakdown = categories.breakdown
            and cells.category = categories.category
    left join panel_years
        on cells.population = panel_years.population
    left join options as chosen
        on
            catalogue.measure = chosen.measure
            and cells.survey_year = chosen.survey_year
            and chosen.part = 'count'
    left join options as among
        on
            catalogue.measure = among.measure
            and cells.survey_year = among.survey_year
            and among.part = 'among'

)

select
    selected.report,
    selected.table_id,
    cast(
        dense_rank() over (
            partition by selected.report, selected.table_id order by selected.row_no, selected.first_column_no
        ) as integer
    ) as explanation_no,
    selected.row_key,
    selected.column_key,
    selected.definition_nl,
    selected.definition_en,
    selected.base_nl,
    selected.base_en,
    coalesce(
        case when not selected.has_min and not selected.has_max then {{ sql_of_answers() }} end,
        {{ sql_of_members() }}
    ) as sql,
    members.counted,
    members.counted_names,
    members.base_only,
    members.base_only_names
from selected
left join members
    on
        selected.report = members.report
        and selected.table_id = members.table_id
        and selected.row_key = members.row_key
        and selected.column_key = members.column_key
order by selected.report, selected.table_id, explanation_no, selected.column_no
