-- Each column of classes is a breakdown of its own: what a report has, it brings along.
with classified as (

    select * from {{ source('registers', 'report_classification') }}

),

listed as (

    unpivot classified
    on columns(* exclude (classification, municipality_code))::varchar
    into
    name like_breakdown
    value category

)

select
    like_breakdown || '_' || classification as breakdown,
    like_breakdown,
    municipality_code,
    category
from listed
