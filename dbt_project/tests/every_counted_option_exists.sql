-- Whatever a measure counts or rests on is asked by some questionnaire: a misspelled concept, item or option would count nobody.
select
    terms.measure,
    terms.part,
    terms.concept,
    terms.item,
    terms.question_id,
    terms.option_key
from {{ ref('stg_catalogue__measure_terms') }} as terms
left join {{ ref('stg_questionnaires__questions') }} as questions
    on
        coalesce(terms.question_id = questions.question_id, terms.concept = questions.concept)
        and coalesce(terms.item = questions.item, terms.item is null)
left join {{ ref('stg_questionnaires__options') }} as options
    on
        questions.survey_year = options.survey_year
        and questions.question_id = options.question_id
        and terms.option_key = options.option_key
group by all
having
    count(questions.question_id) = 0
    or (count(options.option_key) = 0 and coalesce(terms.option_key, 'missing') != 'missing')
