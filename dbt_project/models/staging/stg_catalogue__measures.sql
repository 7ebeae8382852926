select
    measure,
    kind,
    unit,
    is_counted,
    is_option,
    cast(lowest as integer) as lowest,
    cast(highest as integer) as highest,
    cast(base as varchar) as base,
    cast(whose as varchar) as whose,
    cast(numerator as varchar) as numerator,
    cast(denominator as varchar) as denominator,
    cast(unknown as varchar) as unknown,
    cast(label_nl as varchar) as label_nl,
    cast(label_en as varchar) as label_en,
    cast(definition_nl as varchar) as definition_nl,
    cast(definition_en as varchar) as definition_en,
    cast(source as varchar) as source
from {{ source('catalogue', 'measures') }}
