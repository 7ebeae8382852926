{#- A fact is a measure over a group of municipalities; however many cells state it, it is one. -#}
with rules as (

    select * from {{ ref('stg_disclosure__rules') }}

),

cells as (

    select
        catalogue.*,
        survey_years.survey_year as cell_survey_year
    from {{ ref('stg_catalogue__cells') }} as catalogue
    inner join {{ ref('dim_survey_year') }} as survey_years
        on
            coalesce(catalogue.survey_year = survey_years.survey_year, true)
            and coalesce(catalogue.reference_year = survey_years.reference_year, true)

),

figures as (

    select distinct
        report,
        place,
        row_label,
        column_label,
        printed_as
    from {{ ref('stg_published_figures__figures') }}

),

measures as (

    select
        measure,
        kind
    from {{ ref('dim_measure') }}

),

-- The share that chose any option of a question is the share that answered it.
structural as (

    select terms.measure
    from {{ ref('int_measures__questions') }} as terms
    inner join {{ ref('stg_catalogue__measures') }} as catalogue
        on terms.measure = catalogue.measure
    inner join {{ ref('stg_questionnaires__options') }} as options
        on
            terms.survey_year = options.survey_year
            and terms.question_id = options.question_id
    where
        catalogue.is_option
        and terms.part = 'count'
    group by terms.measure
    having count(distinct options.option_key) <= count(distinct terms.option_key)

),

-- What a public number may be broken down by, and what cells themselves are about.
allowed as (

    select distinct categories.breakdown
    from {{ ref('dim_category') }} as categories
    left join rules
        on
            rules.kind = 'breakdown'
            and (categories.breakdown = rules.name or starts_with(categories.breakdown, rules.name || '_'))
    where categories.breakdown = 'total' or categories.origin = 'answers' or rules.name is not null

),

exempt as (

    select name as measure
    from rules
    where kind = 'exempt'

),

stated as (

    select
        cells.measure,
        cells.cell_survey_year as survey_year,
        cells.population,
        {{ fact_group(['cells.breakdown', 'cells.category'], ["'total'", "'all'"]) }},
        figures.report is not null as is_printed
    from cells
    left join figures
        on
            cells.report = figures.report
            and cells.place_nl = figures.place
            and cells.row_label_nl = figures.row_label
            and cells.column_label_nl = figures.column_label
            and cells.printed_as = figures.printed_as

),

broken_down as (

    select
        * exclude (breakdowns),
        unnest(string_split(breakdowns, ',')) as by_breakdown
    from cells
    where kind != 'text' and breakdowns != ''

),

divided as (

    select
        broken_down.measure,
        broken_down.cell_survey_year as survey_year,
        broken_down.population,
        {{
            fact_group(
                ['broken_down.breakdown', 'broken_down.category'], ['broken_down.by_breakdown', 'categories.category']
            )
        }},
        false as is_printed
    from broken_down
    inner join {{ ref('dim_category') }} as categories
        on broken_down.by_breakdown = categories.breakdown

),

-- The numbers of earlier survey years beside those of the standing report.
over_years as (

    select
        measure,
        survey_year,
        population,
        'total' as breakdown,
        'all' as category,
        'total' as within_breakdown,
        'all' as within_category,
        false as is_printed
    from {{ ref('stg_catalogue__series') }}

),

facts as (

    select * from stated
    union all
    select * from divided
    union all
    select * from over_years

)

select
    facts.measure,
    cast(facts.survey_year as integer) as survey_year,
    facts.population,
    facts.breakdown,
    facts.category,
    facts.within_breakdown,
    facts.within_category,
    measures.kind,
    bool_or(facts.is_printed) as is_printed,
    split_part(facts.measure, '=', 1) in (select exempt.measure from exempt) as is_exempt,
    facts.measure in (select structural.measure from structural) as is_structural,
    facts.breakdown not in (select allowed.breakdown from allowed)
    or facts.within_breakdown not in (select allowed.breakdown from allowed) as is_inside
from facts
inner join measures
    on facts.measure = measures.measure
group by all
order by all
