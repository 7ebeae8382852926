with answers as (

    select * from {{ ref('fct_open_answers') }}

),

survey_years as (

    select * from {{ ref('dim_survey_year') }}

),

labels as (

    select * from {{ ref('dim_label') }}
    where vocabulary = 'coding'

),

questions as (

    select
        survey_year,
        question_id,
        question_position,
        concept,
        item,
        cast(count(*) as integer) as base
    from answers
    group by survey_year, question_id, question_position, concept, item

),

counted as (

    select
        survey_year,
        question_id,
        coding,
        code,
        cast(count(*) as integer) as n
    from answers
    group by survey_year, question_id, coding, code

),

-- A code that nobody was given counts 0; the states in which an answer has no code are rows where there are any.
listed as (

    select
        questions.*,
        'coded' as coding,
        codes.code_no,
        codes.code,
        codes.label_nl,
        codes.label_en
    from questions
    inner join {{ ref('stg_coding__codes') }} as codes
        on questions.concept = codes.concept
    union all by name
    select
        questions.*,
        counted.coding,
        labels.label_nl,
        labels.label_en
    from questions
    inner join counted
        on
            questions.survey_year = counted.survey_year
            and questions.question_id = counted.question_id
            and counted.code is null
    inner join labels
        on counted.coding = labels.code

)

select
    listed.survey_year,
    survey_years.reference_year,
    listed.question_id,
    listed.question_position,
    listed.concept,
    listed.item,
    listed.coding,
    listed.code_no,
    listed.code,
    listed.label_nl,
    listed.label_en,
    coalesce(counted.n, 0) as n,
    listed.base,
    survey_years.origin
from listed
inner join survey_years
    on listed.survey_year = survey_years.survey_year
left join counted
    on
        listed.survey_year = counted.survey_year
        and listed.question_id = counted.question_id
        and listed.coding = counted.coding
        and listed.code is not distinct from counted.code
order by listed.survey_year, listed.question_position, listed.code_no nulls last, listed.coding
