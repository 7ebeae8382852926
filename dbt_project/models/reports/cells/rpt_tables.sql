with catalogue as (

    select * from {{ ref('stg_catalogue__cells') }}

),

cells as (

    select * from {{ ref('rpt_cells') }}

),

measure_questions as (

    select * from {{ ref('int_measures__questions') }}

),

questions as (

    select * from {{ ref('dim_question') }}

),

definition_breadth as (

    select * from {{ ref('fct_definition_breadth') }}

),

described as (

    select distinct
        report,
        report_title_nl,
        report_title_en,
        position,
        table_id,
        kind,
        place_nl,
        place_en,
        title_nl,
        title_en,
        source_nl,
        source_en,
        note_nl,
        note_en,
        row_heading_nl,
        row_heading_en,
        chart
    from catalogue

),

-- The n of a title is what its cells rest on; where that differs, from the lowest to the highest.
rested as (

    select
        report,
        table_id,
        origin,
        coalesce(min(n_municipalities), 0)
        || case when min(n_municipalities) < max(n_municipalities) then '–' || max(n_municipalities) else '' end as n
    from cells
    group by report, table_id, origin

),

-- Where a definition's breadth was carried from an earlier questionnaire, that one is in the table too.
asked as (

    select
        cells.report,
        cells.table_id,
        measure_questions.concept,
        cells.survey_year
    from cells
    inner join measure_questions
        on
            cells.measure = measure_questions.measure
            and cells.survey_year = measure_questions.survey_year

    union

    select
        cells.report,
        cells.table_id,
        'definition_indicators' as concept,
        definition_breadth.indicators_survey_year as survey_year
    from cells
    inner join definition_breadth
        on
            cells.survey_year = definition_breadth.survey_year
            and cells.breakdown = 'definition_breadth'
    where definition_breadth.indicators_survey_year is not null

),

-- Why a base is not everybody who was asked, and why print has no number where we have one.
reasons as (

    select
        report,
        table_id,
        array_to_string(list_sort(list_distinct(list(nullif(base_reason_nl, '')))), ' ') as base_reason_nl,
        array_to_string(list_sort(list_distinct(list(nullif(base_reason_en, '')))), ' ') as base_reason_en,
        array_to_string(list_sort(list_distinct(list(nullif(not_in_print_nl, '')))), ' ') as not_in_print_nl,
        array_to_string(list_sort(list_distinct(list(nullif(not_in_print_en, '')))), ' ') as not_in_print_en
    from catalogue
    group by report, table_id

),

side_by_side as (

    select
        report,
        table_id,
        concept,
        min(survey_year) as first_survey_year,
        max(survey_year) as last_survey_year
    from asked
    group by report, table_id, concept
    having min(survey_year) < max(survey_year)

),

changes as (

    select distinct
        side_by_side.report,
        side_by_side.table_id,
        questions.survey_year,
        questions.comparability_reason_nl as reason_nl,
        questions.comparability_reason_en as reason_en
    from side_by_side
    inner join questions
        on
            side_by_side.concept = questions.concept
            and side_by_side.first_survey_year < questions.survey_year
            and side_by_side.last_survey_year >= questions.survey_year
    where questions.comparability = 'changed'

),

comparability as (

    select
        report,
        table_id,
        string_agg(survey_year || ': ' || reason_nl, ' ' order by survey_year, reason_nl) as comparability_nl,
        string_agg(survey_year || ': ' || reason_en, ' ' order by survey_year, reason_en) as comparability_en
    from changes
    group by report, table_id

)

select
    described.report,
    described.report_title_nl,
    described.report_title_en,
    described.position,
    described.table_id,
    described.kind,
    described.place_nl,
    described.place_en,
    replace(described.title_nl, '{n}', rested.n) as title_nl,
    replace(described.title_en, '{n}', rested.n) as title_en,
    described.source_nl,
    described.source_en,
    described.note_nl,
    described.note_en,
    described.row_heading_nl,
    described.row_heading_en,
    described.chart,
    coalesce(reasons.base_reason_nl, '') as base_reason_nl,
    coalesce(reasons.base_reason_en, '') as base_reason_en,
    coalesce(reasons.not_in_print_nl, '') as not_in_print_nl,
    coalesce(reasons.not_in_print_en, '') as not_in_print_en,
    coalesce(comparability.comparability_nl, '') as comparability_nl,
    coalesce(comparability.comparability_en, '') as comparability_en,
    rested.origin
from described
inner join rested
    on
        described.report = rested.report
        and described.table_id = rested.table_id
left join reasons
    on
        described.report = reasons.report
        and described.table_id = reasons.table_id
left join comparability
    on
        described.report = comparability.report
        and described.table_id = comparability.table_id
order by described.report, described.position
