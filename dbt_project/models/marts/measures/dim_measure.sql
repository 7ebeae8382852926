with measures as (

    select * from {{ ref('stg_catalogue__measures') }}

),

terms as (

    select * from {{ ref('int_measures__questions') }}

),

questions as (

    select * from {{ ref('stg_questionnaires__questions') }}

),

options as (

    select * from {{ ref('stg_questionnaires__options') }}

),

categories as (

    select * from {{ ref('dim_category') }}

),

-- An option's share is defined by the question's own words, those of the newest questionnaire that has it.
worded as (

    select
        terms.measure,
        terms.part,
        terms.survey_year,
        questions.wording_nl,
        questions.wording_en,
        string_agg(
            coalesce('‘' || options.label_nl || '’', 'geen bruikbaar antwoord'), ', ' order by options.option_position
        ) as labels_nl,
        string_agg(
            coalesce('‘' || options.label_en || '’', 'no usable answer'), ', ' order by options.option_position
        ) as labels_en
    from terms
    inner join measures
        on terms.measure = measures.measure
    inner join questions
        on
            terms.survey_year = questions.survey_year
            and terms.question_id = questions.question_id
    left join options
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
        counted.labels_nl as label_nl,
        counted.labels_en as label_en,
        'Gemeenten die op de vraag ‘' || counted.wording_nl || '’ antwoordden: ' || counted.labels_nl || '; '
        || case measures.base
            when 'answered' then 'van de gemeenten die de vraag beantwoordden.'
            when 'asked' then 'van de gemeenten aan wie de vraag is gesteld.'
            when 'respondents' then 'van alle gemeenten die de vragenlijst invulden.'
            else 'van de gemeenten die op ‘' || among.wording_nl || '’ antwoordden: ' || among.labels_nl || '.'
        end as definition_nl,
        'Municipalities that answered to ‘' || counted.wording_en || '’: ' || counted.labels_en || '; '
        || case measures.base
            when 'answered' then 'of those that answered the question.'
            when 'asked' then 'of those that were asked the question.'
            when 'respondents' then 'of all municipalities that filled in the questionnaire.'
            else 'of those that answered to ‘' || among.wording_en || '’: ' || among.labels_en || '.'
        end as definition_en,
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
        breakdown_label_nl || ': ' || label_nl as label_nl,
        breakdown_label_en || ': ' || label_en as label_en,
        'Gemeenten met ' || lower(breakdown_label_nl) || ' ‘' || label_nl
        || '’, van alle gemeenten die de vragenlijst invulden.' as definition_nl,
        'Municipalities with ' || lower(breakdown_label_en) || ' ‘' || label_en
        || '’, of all that filled in the questionnaire.' as definition_en,
        'data/registers' as source
    from categories
    where
        (breakdown like 'urbanisation_class%' or breakdown like 'disadvantage_group%')
        and category != 'unknown'

)

select
    measure,
    kind,
    label_nl,
    label_en,
    definition_nl,
    definition_en,
    source
from measures
where not is_option

union all

select
    measure,
    kind,
    label_nl,
    label_en,
    definition_nl,
    definition_en,
    source
from of_options

union all

select * from of_classes
order by measure
