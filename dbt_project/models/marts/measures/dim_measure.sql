{#- How the definition of a measure that a cell or a class implies reads: what is counted, and of whom. -#}
{%- set words = {
    'nl': {
        'counted': 'Gemeenten die op de vraag ‘{}’ antwoordden: {}; ',
        'answered': 'van de gemeenten die de vraag beantwoordden.',
        'asked': 'van de gemeenten aan wie de vraag is gesteld.',
        'respondents': 'van alle gemeenten die de vragenlijst invulden.',
        'among': 'van de gemeenten die op ‘{}’ antwoordden: {}.',
        'missing': 'geen bruikbaar antwoord',
        'class': 'Gemeenten met {} ‘{}’, van alle gemeenten die de vragenlijst invulden.',
    },
    'en': {
        'counted': 'Municipalities that answered to ‘{}’: {}; ',
        'answered': 'of those that answered the question.',
        'asked': 'of those that were asked the question.',
        'respondents': 'of all municipalities that filled in the questionnaire.',
        'among': 'of those that answered to ‘{}’: {}.',
        'missing': 'no usable answer',
        'class': 'Municipalities with {} ‘{}’, of all that filled in the questionnaire.',
    },
} -%}

with measures as (

    select * from {{ ref('stg_catalogue__measures') }}

),

-- An option's share is defined by the question's own words, those of the newest questionnaire that has it.
worded as (

    select
        terms.measure,
        terms.part,
        terms.survey_year,
        questions.wording_nl,
        questions.wording_en,
        {{ quoted_labels('nl', words.nl.missing) }} as labels_nl,
        {{ quoted_labels('en', words.en.missing) }} as labels_en
    from {{ ref('int_measures__questions') }} as terms
    inner join measures
        on terms.measure = measures.measure
    inner join {{ ref('stg_questionnaires__questions') }} as questions
        on
            terms.survey_year = questions.survey_year
            and terms.question_id = questions.question_id
    left join {{ ref('stg_questionnaires__options') }} as options
        on
            terms.survey_year = options.survey_year
            and terms.question_id = options.question_id
            and terms.option_key = options.option_key
    where measures.is_option
    group by terms.measure, terms.part, terms.survey_year, questions.wording_nl, questions.wording_en
    qualify row_number() over (partition by terms.measure, terms.part order by terms.survey_year desc) = 1

),

of_options as (

    select
        measures.measure,
        measures.kind,
        measures.unit,
        counted.labels_nl as label_nl,
        counted.labels_en as label_en,
        {% for language, said in words.items() %}
            format('{{ said.counted }}', counted.wording_{{ language }}, counted.labels_{{ language }})
            || case measures.base
                when 'answered' then '{{ said.answered }}'
                when 'asked' then '{{ said.asked }}'
                when 'respondents' then '{{ said.respondents }}'
                else format('{{ said.among }}', among.wording_{{ language }}, among.labels_{{ language }})
            end as definition_{{ language }},
        {% endfor %}
        'data/questionnaires/' || counted.survey_year || '/questionnaire.yaml' as source
    from measures
    inner join worded as counted
        on
            measures.measure = counted.measure
            and counted.part = 'count'
    left join worded as among
        on
            measures.measure = among.measure
            and among.part = 'among'

),

of_classes as (

    select
        breakdown || '=' || category as measure,
        'ratio' as kind,
        'share' as unit,
        breakdown_label_nl || ': ' || label_nl as label_nl,
        breakdown_label_en || ': ' || label_en as label_en,
        format('{{ words.nl.class }}', lower(breakdown_label_nl), label_nl) as definition_nl,
        format('{{ words.en.class }}', lower(breakdown_label_en), label_en) as definition_en,
        'data/registers' as source
    from {{ ref('dim_category') }}
    where is_measured and category != 'unknown'

)

select
    measure,
    kind,
    unit,
    label_nl,
    label_en,
    definition_nl,
    definition_en,
    source
from measures
where not is_option
union all by name
select * from of_options
union all by name
select * from of_classes
order by measure
