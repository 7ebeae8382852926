select
    cast(survey_year as integer) as survey_year,
    question_id,
    cast(position as integer) as question_position,
    concept,
    section,
    cast(item as varchar) as item,
    answer_type,
    wording_nl,
    wording_en,
    evidence,
    source as evidence_source,
    cast(routed as boolean) as is_routed,
    cast(range_min as bigint) as range_min,
    cast(range_max as bigint) as range_max,
    comparability,
    cast(comparability_reason_nl as varchar) as comparability_reason_nl,
    cast(comparability_reason_en as varchar) as comparability_reason_en
from {{ source('questionnaires', 'questions') }}
