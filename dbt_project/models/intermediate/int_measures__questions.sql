with terms as (

    select * from {{ ref('stg_catalogue__measure_terms') }}

),

questions as (

    select * from {{ ref('stg_questionnaires__questions') }}

)

-- A term names a question, or a concept: then it is of every question that measures it, in every survey year.
select distinct
    terms.measure,
    terms.part,
    questions.survey_year,
    questions.question_id,
    questions.concept,
    questions.routed_on,
    terms.option_key
from terms
inner join questions
    on coalesce(
            terms.question_id = questions.question_id,
            terms.concept = questions.concept and coalesce(terms.item = questions.item, terms.item is null)
        )
