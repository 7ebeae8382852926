with sign as (

    select name as sign
    from {{ ref('stg_disclosure__rules') }}
    where kind = 'sign'

),

-- What no fact of disclosure control speaks of is withheld, unless there is no number at all. The lowest and the
-- highest are of a single municipality: they are public where a report printed them.
judged as (

    select
        cells.*,
        catalogue.position,
        sign.sign,
        cells.breakdown = 'total' as is_national,
        cells.n_municipalities is not null
        and (
            not coalesce(facts.is_public, false)
            or (cells.statistic in ('min', 'max') and (facts.verdict != 'printed' or cells.not_in_print_nl != ''))
        ) as is_withheld
    from {{ ref('rpt_cells') }} as cells
    cross join sign
    inner join {{ ref('stg_catalogue__cells') }} as catalogue
        on
            cells.report = catalogue.report
            and cells.table_id = catalogue.table_id
            and cells.row_key = catalogue.row_key
            and cells.column_key = catalogue.column_key
    left join {{ ref('fct_disclosure') }} as facts
        on
            cells.measure = facts.measure
            and cells.survey_year = facts.survey_year
            and cells.population = facts.population
            and cells.breakdown = facts.breakdown
            and cells.category = facts.category
            and facts.within_breakdown = 'total'

)

select
    * exclude (position, sign, is_national, is_withheld)
    replace (
        {{ public_number() }}
    )
from judged
order by report, position, row_no, column_no
