-- The codes that data can add to: a section of a questionnaire, the outcome of a case, the group that a municipality is in.
with codes as (

    select
        'section' as vocabulary,
        section as code
    from {{ ref('dim_question') }}

    union

    select
        'outcome' as vocabulary,
        outcome as code
    from {{ ref('rpt_cases') }}
    where outcome is not null

    union

    select
        breakdown as vocabulary,
        category as code
    from {{ ref('dim_municipality_group') }}
    where category != 'unknown'

)

select
    vocabulary,
    code as code_without_label
from codes
except
select
    vocabulary,
    code
from {{ ref('dim_label') }}
except
select
    breakdown,
    category
from {{ ref('dim_category') }}
