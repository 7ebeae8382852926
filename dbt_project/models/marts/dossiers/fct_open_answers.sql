with texts as (

    select * from {{ ref('stg_answers__texts') }}

),

questions as (

    select * from {{ ref('stg_questionnaires__questions') }}

),

codes as (

    select * from {{ ref('stg_coding__codes') }}

),

framed as (

    select distinct
        concept,
        frame
    from codes

),

-- A code holds as long as the answer is the one that was coded.
given as (

    select
        coded.survey_year,
        coded.municipality_code,
        coded.question_id,
        count(*) filter (where not coded.is_settled) as coders,
        count(distinct coded.code) filter (where not coded.is_settled) as different_codes,
        any_value(coded.code) filter (where coded.is_settled) as settled_code,
        min(coded.code) filter (where not coded.is_settled) as a_code
    from {{ ref('stg_coding__coded') }} as coded
    inner join texts
        on
            coded.survey_year = texts.survey_year
            and coded.municipality_code = texts.municipality_code
            and coded.question_id = texts.question_id
            and coded.text = texts.text
    group by coded.survey_year, coded.municipality_code, coded.question_id

),

judged as (

    select
        texts.survey_year,
        texts.municipality_code,
        texts.question_id,
        questions.question_position,
        questions.concept,
        questions.item,
        texts.text,
        framed.frame,
        cast(coalesce(given.coders, 0) as integer) as coders,
        case
            when framed.frame is null then 'no_frame'
            when given.settled_code is not null then 'coded'
            when given.different_codes > 1 then 'disputed'
            when given.different_codes = 1 then 'coded'
            else 'not_coded'
        end as coding,
        if(coding = 'coded', coalesce(given.settled_code, given.a_code), null) as code
    from texts
    inner join questions
        on
            texts.survey_year = questions.survey_year
            and texts.question_id = questions.question_id
    left join framed
        on questions.concept = framed.concept
    left join given
        on
            texts.survey_year = given.survey_year
            and texts.municipality_code = given.municipality_code
            and texts.question_id = given.question_id

)

select
    judged.survey_year,
    judged.municipality_code,
    judged.question_id,
    judged.question_position,
    judged.concept,
    judged.item,
    judged.text,
    judged.frame,
    judged.coders,
    judged.coding,
    judged.code,
    codes.label_nl,
    codes.label_en
from judged
left join codes
    on
        judged.concept = codes.concept
        and judged.code = codes.code
order by judged.survey_year, judged.municipality_code, judged.question_position
