select
    kind,
    name,
    if(starts_with(name, 'too_few'), rule_limit, null) as limit_municipalities,
    if(starts_with(name, 'too_few'), null, {{ quotient('rule_limit', '100') }}) as limit_share,
    words_nl,
    words_en
from {{ ref('stg_disclosure__rules') }}
order by kind, name
