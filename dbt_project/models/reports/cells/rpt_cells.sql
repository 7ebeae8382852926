with catalogue as (

    select * rename (survey_year as said_survey_year, reference_year as said_reference_year)
    from {{ ref('stg_catalogue__cells') }}

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

measures as (

    select
        measure,
        kind
    from {{ ref('dim_measure') }}

),

members as (

    select * from {{ ref('rpt_cell_members') }}

),

origins as (

    select case when bool_or(origin = 'synthetic') then 'synthetic' else 'real' end as origin
    from survey_years

),

cells as (

    select
        catalogue.*,
        survey_years.survey_year,
        survey_years.reference_year,
        measures.kind as measure_kind
    from catalogue
    left join survey_years
        on
            coalesce(catalogue.said_survey_year = survey_years.survey_year, true)
            and coalesce(catalogue.said_reference_year = survey_years.reference_year, true)
    left join measures
        on catalogue.measure = measures.measure

),

summed as (

    select
        cells.report,
        cells.table_id,
        cells.row_key,
        cells.column_key,
        {{ measured('cells.measure_kind') }}
    from cells
    inner join members
        on
            cells.report = members.report
            and cells.table_id = members.table_id
            and cells.row_key = members.row_key
            and cells.column_key = members.column_key
    group by cells.report, cells.table_id, cells.row_key, cells.column_key, cells.measure_kind

),

stated as (

    select
        cells.*,
        -- Nobody in the base is a number of 0 municipalities and no share; a measure that nobody defined has neither.
        coalesce(summed.numerator, case when cells.measure_kind = 'ratio' then 0 end) as numerator,
        coalesce(summed.denominator, case when cells.measure_kind = 'ratio' then 0 end) as denominator,
        {{ stated_value('cells.measure_kind') }} as value,
        coalesce(summed.n_municipalities, case when cells.measure_kind is not null then 0 end) as n_municipalities,
        coalesce(summed.n_unknown, 0) as n_unknown,
        origins.origin
    from cells
    cross join origins
    left join summed
        on
            cells.report = summed.report
            and cells.table_id = summed.table_id
            and cells.row_key = summed.row_key
            and cells.column_key = summed.column_key

),

scaled as (

    select
        *,
        {{ scaled_value() }} as scaled_value
    from stated

)

select
    report,
    table_id,
    kind,
    row_no,
    column_no,
    row_key,
    column_key,
    row_label_nl,
    row_label_en,
    column_label_nl,
    column_label_en,
    measure,
    statistic,
    printed_as,
    survey_year,
    reference_year,
    population,
    breakdown,
    category,
    numerator,
    denominator,
    value,
    unit,
    decimals,
    {{ rounded_value() }} as value_rounded,
    {{ value_text('nl') }} as value_text_nl,
    {{ value_text('en') }} as value_text_en,
    n_municipalities,
    n_unknown,
    not_in_print_nl,
    not_in_print_en,
    origin
from scaled
order by report, position, row_no, column_no
