with series as (

    select * from {{ ref('stg_catalogue__series') }}

),

measures as (

    select
        measure,
        kind
    from {{ ref('dim_measure') }}

),

members as (

    select * from {{ ref('fct_measure_members') }}

),

grouped as (

    select * from {{ ref('dim_municipality_group') }}
    where breakdown = 'total'

),

questions as (

    select * from {{ ref('stg_questionnaires__questions') }}

),

cells as (

    select
        series.*,
        survey_years.reference_year,
        measures.kind as measure_kind,
        rules.name as sign,
        coalesce(facts.is_public, false) as is_public
    from series
    inner join {{ ref('dim_survey_year') }} as survey_years
        on series.survey_year = survey_years.survey_year
    inner join measures
        on series.measure = measures.measure
    inner join {{ ref('stg_disclosure__rules') }} as rules
        on rules.kind = 'sign'
    left join {{ ref('fct_disclosure') }} as facts
        on
            series.measure = facts.measure
            and series.survey_year = facts.survey_year
            and series.population = facts.population
            and facts.breakdown = 'total'
            and facts.within_breakdown = 'total'

),

behind as (

    select
        cells.report,
        cells.table_id,
        cells.row_key,
        cells.column_key,
        cells.survey_year,
        cells.measure_kind,
        members.municipality_code,
        members.numerator,
        members.denominator,
        members.unknown
    from cells
    inner join members
        on
            cells.measure = members.measure
            and cells.survey_year = members.survey_year
            and coalesce(cells.population = members.population, members.population is null)
    inner join grouped
        on
            cells.survey_year = grouped.survey_year
            and cells.population = grouped.population
            and members.municipality_code = grouped.municipality_code

),

summed as (

    select
        report,
        table_id,
        row_key,
        column_key,
        survey_year,
        {{ measured('measure_kind') }}
    from behind
    group by report, table_id, row_key, column_key, survey_year, measure_kind

),

stated as (

    select
        cells.*,
        coalesce(summed.numerator, case when cells.measure_kind = 'ratio' then 0 end) as numerator,
        coalesce(summed.denominator, case when cells.measure_kind = 'ratio' then 0 end) as denominator,
        {{ stated_value('cells.measure_kind') }} as value,
        coalesce(summed.n_municipalities, 0) as n_municipalities,
        coalesce(summed.n_unknown, 0) as n_unknown
    from cells
    left join summed
        on
            cells.report = summed.report
            and cells.table_id = summed.table_id
            and cells.row_key = summed.row_key
            and cells.column_key = summed.column_key
            and cells.survey_year = summed.survey_year

),

scaled as (

    select
        *,
        {{ scaled_value() }} as scaled_value
    from stated

),

compared as (

    select
        *,
        lag(survey_year) over one_cell as compared_with,
        if(unit = 'share' and is_public and lag(is_public) over one_cell, value - lag(value) over one_cell, null)
            as change
    from scaled
    window one_cell as (partition by report, table_id, row_key, column_key order by survey_year)

),

-- The same municipalities in both years: what the groups' difference does not explain.
in_both as (

    select
        compared.report,
        compared.table_id,
        compared.row_key,
        compared.column_key,
        compared.survey_year,
        count(*) as panel_municipalities,
        {{ quotient('sum(now.numerator)', 'sum(now.denominator)') }}
        - {{ quotient('sum(earlier.numerator)', 'sum(earlier.denominator)') }} as panel_change
    from compared
    inner join behind as now
        on
            compared.report = now.report
            and compared.table_id = now.table_id
            and compared.row_key = now.row_key
            and compared.column_key = now.column_key
            and compared.survey_year = now.survey_year
    inner join behind as earlier
        on
            compared.report = earlier.report
            and compared.table_id = earlier.table_id
            and compared.row_key = earlier.row_key
            and compared.column_key = earlier.column_key
            and compared.compared_with = earlier.survey_year
            and now.municipality_code = earlier.municipality_code
    where
        compared.measure_kind = 'ratio'
        and compared.unit = 'share'
    group by compared.report, compared.table_id, compared.row_key, compared.column_key, compared.survey_year

),

-- What changed since the survey year that it is compared with, that one's own changes aside.
breaks as (

    select
        compared.report,
        compared.table_id,
        compared.row_key,
        compared.column_key,
        compared.survey_year,
        bool_or(questions.comparability = 'changed') as is_changed,
        bool_or(questions.comparability = 'new') as is_new,
        array_to_string(list_sort(list_distinct(list(questions.comparability_reason_nl))), ' ') as reason_nl,
        array_to_string(list_sort(list_distinct(list(questions.comparability_reason_en))), ' ') as reason_en
    from compared
    inner join {{ ref('int_measures__questions') }} as asked
        on
            compared.measure = asked.measure
            and compared.survey_year = asked.survey_year
    inner join questions
        on
            asked.concept = questions.concept
            and compared.compared_with < questions.survey_year
            and compared.survey_year >= questions.survey_year
    group by compared.report, compared.table_id, compared.row_key, compared.column_key, compared.survey_year

)

select
    compared.report,
    compared.position,
    compared.table_id,
    compared.row_no,
    compared.row_key,
    compared.row_label_nl,
    compared.row_label_en,
    compared.column_no,
    compared.column_key,
    compared.column_label_nl,
    compared.column_label_en,
    compared.survey_year,
    compared.reference_year,
    compared.measure,
    compared.population,
    compared.unit,
    if(compared.is_public, compared.numerator, null) as numerator,
    if(compared.is_public, compared.denominator, null) as denominator,
    if(compared.is_public, compared.value, null) as value,
    if(compared.is_public, {{ value_text('nl') }}, compared.sign) as value_text_nl,
    if(compared.is_public, {{ value_text('en') }}, compared.sign) as value_text_en,
    if(compared.is_public, compared.n_municipalities, null) as n_municipalities,
    if(compared.is_public, compared.n_unknown, null) as n_unknown,
    compared.compared_with,
    case
        when compared.compared_with is null then 'first'
        when breaks.is_changed then 'changed'
        when breaks.is_new then 'new'
        else 'same'
    end as comparability,
    coalesce(breaks.reason_nl, '') as comparability_reason_nl,
    coalesce(breaks.reason_en, '') as comparability_reason_en,
    round(cast(compared.change * 100 as decimal(18, 6)), 1) as change_in_points,
    in_both.panel_municipalities,
    round(cast(in_both.panel_change * 100 as decimal(18, 6)), 1) as panel_change_in_points
from compared
left join breaks
    on
        compared.report = breaks.report
        and compared.table_id = breaks.table_id
        and compared.row_key = breaks.row_key
        and compared.column_key = breaks.column_key
        and compared.survey_year = breaks.survey_year
left join in_both
    on
        compared.report = in_both.report
        and compared.table_id = in_both.table_id
        and compared.row_key = in_both.row_key
        and compared.column_key = in_both.column_key
        and compared.survey_year = in_both.survey_year
order by compared.report, compared.position, compared.row_no, compared.column_no, compared.survey_year
