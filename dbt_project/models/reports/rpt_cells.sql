with catalogue as (

    select * from {{ ref('stg_reports__catalogue') }}

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

measures as (

    select * from {{ ref('fct_measures') }}

),

frequencies as (

    select * from {{ ref('fct_frequencies') }}
    where option_key is not null

),

measured as (

    select
        measure,
        survey_year,
        population,
        breakdown,
        category,
        numerator,
        denominator,
        value,
        n_municipalities
    from measures

    union all

    select
        question_id || '=' || option_key as measure,
        survey_year,
        population,
        breakdown,
        category,
        count as numerator,
        base as denominator,
        share as value,
        base as n_municipalities
    from frequencies

),

origins as (

    select case when bool_or(origin = 'synthetic') then 'synthetic' else 'real' end as origin
    from survey_years

),

-- A catalogue names a cell's year as survey year or as reference year, whichever its table speaks of.
cells as (

    select
        catalogue.report,
        catalogue.position,
        catalogue.table_id,
        catalogue.kind,
        catalogue.row_no,
        catalogue.column_no,
        catalogue.row_key,
        catalogue.column_key,
        catalogue.row_label_nl,
        catalogue.row_label_en,
        catalogue.column_label_nl,
        catalogue.column_label_en,
        catalogue.measure,
        catalogue.statistic,
        catalogue.population,
        catalogue.breakdown,
        catalogue.category,
        catalogue.unit,
        catalogue.decimals,
        survey_years.survey_year,
        survey_years.reference_year,
        measured.numerator,
        measured.denominator,
        case catalogue.statistic
            when 'value' then measured.value
            when 'numerator' then measured.numerator
            when 'denominator' then measured.denominator
            when 'n_municipalities' then measured.n_municipalities
        end as value,
        measured.n_municipalities,
        case when catalogue.unit = 'percent' then 100 else 1 end as per,
        origins.origin
    from catalogue
    cross join origins
    left join survey_years
        on
            coalesce(catalogue.survey_year = survey_years.survey_year, true)
            and coalesce(catalogue.reference_year = survey_years.reference_year, true)
    left join measured
        on
            catalogue.measure = measured.measure
            and survey_years.survey_year = measured.survey_year
            and catalogue.population = measured.population
            and catalogue.breakdown = measured.breakdown
            and catalogue.category = measured.category

),

scaled as (

    select
        *,
        case
            when statistic = 'value' and denominator is not null
                then {{ scaled_half_up('numerator * per', 'denominator', 'decimals') }}
            else cast(round(cast(value as decimal(30, 12)) * per * cast(power(10, decimals) as bigint), 0) as bigint)
        end as scaled_value
    from cells

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
    coalesce({{ printed_number('scaled_value', 'decimals', 'nl') }} || if(unit = 'percent', '%', ''), '–')
        as value_text_nl,
    coalesce({{ printed_number('scaled_value', 'decimals', 'en') }} || if(unit = 'percent', '%', ''), '–')
        as value_text_en,
    n_municipalities,
    origin
from scaled
order by report, position, row_no, column_no
