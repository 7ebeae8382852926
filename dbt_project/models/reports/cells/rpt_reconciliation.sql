-- A printed report is reconciled in the edition of its year.
with figures as (

    select figures.*
    from {{ ref('stg_published_figures__figures') }} as figures
    inner join {{ ref('dim_report') }} as reports
        on
            figures.report = reports.report
            and reports.is_in_edition

),

cells as (

    select
        cells.*,
        tables.place_nl
    from {{ ref('rpt_cells') }} as cells
    inner join {{ ref('rpt_tables') }} as tables
        on
            cells.report = tables.report
            and cells.table_id = tables.table_id

),

-- A figure is the cell that is at its place under its labels and is the same kind of number.
found as (

    select
        figures.*,
        cells.table_id,
        cells.row_key,
        cells.column_key,
        cells.numerator,
        cells.denominator,
        cells.n_municipalities,
        cells.value,
        cells.value_text_nl,
        cells.value_text_en,
        -- A quotient is taken last: 57 of 200 is 28.5% exactly, which a float of 0.285 is not.
        case
            when cells.statistic = 'value' and cells.denominator > 0
                then {{ quotient("cells.numerator * if(cells.unit = 'share', 100, 1)", 'cells.denominator') }}
            else cells.value * if(cells.unit = 'share', 100, 1)
        end as in_unit
    from figures
    left join cells
        on
            figures.report = cells.report
            and figures.place = cells.place_nl
            and figures.row_label = cells.row_label_nl
            and figures.column_label = cells.column_label_nl
            and figures.printed_as = cells.printed_as

),

-- '-' is a number that was never collected; an empty cell is an option that nobody chose, or the 100% of a total.
-- Bounds are those of the number before it is rounded: 48 is 47.5 up to 48.5.
judged as (

    select
        *,
        case
            when printed = '-' then value is null
            when is_empty then coalesce(value, 0) = 0 or (printed_as = 'percent' and value = 1)
            when in_unit is null then false
            else
                if(is_above_lowest, in_unit > lowest, in_unit >= lowest)
                and if(is_below_highest, in_unit < highest, in_unit <= highest)
        end
        and (
            base is null
            or base is not distinct from denominator
            or base is not distinct from n_municipalities
        ) as agrees
    from found

),

settled as (

    select
        *,
        case
            when declared = 'not_derivable' and table_id is null then 'not_derivable'
            when declared = 'not_derivable' or table_id is null then 'differs'
            when declared in ('misprint', 'deviation') and not agrees then declared
            when declared is null and agrees then 'match'
            else 'differs'
        end as status
    from judged

)

select
    figure_no,
    report,
    place,
    row_label,
    column_label,
    printed_as,
    printed,
    base,
    of_what,
    line,
    note,
    status,
    case
        when status != 'differs' then reason_nl
        when declared = 'not_derivable' then 'Als niet af te leiden opgegeven, maar de catalogus heeft er een cel voor.'
        when table_id is null then 'De catalogus heeft geen cel op deze plaats met deze opschriften.'
        when declared = 'misprint' then 'Als drukfout opgegeven, maar de gegevens geven wat gedrukt is.'
        when declared = 'deviation' then 'Als afwijking opgegeven, maar de gegevens geven wat gedrukt is.'
        else
            'De gegevens geven ' || value_text_nl
            || coalesce(' (basis ' || coalesce(denominator, n_municipalities) || ').', '.')
    end as reason_nl,
    case
        when status != 'differs' then reason_en
        when declared = 'not_derivable' then 'Declared not derivable, but the catalogue has a cell for it.'
        when table_id is null then 'The catalogue has no cell at this place with these labels.'
        when declared = 'misprint' then 'Declared a misprint, but the data give what is printed.'
        when declared = 'deviation' then 'Declared a deviation, but the data give what is printed.'
        else
            'The data give ' || value_text_en
            || coalesce(' (base ' || coalesce(denominator, n_municipalities) || ').', '.')
    end as reason_en,
    table_id,
    row_key,
    column_key,
    numerator,
    denominator,
    value,
    value_text_nl,
    value_text_en
from settled
order by figure_no
