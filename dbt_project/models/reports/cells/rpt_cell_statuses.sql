with cells as (

    select * from {{ ref('rpt_cells') }}

),

questions as (

    select distinct
        measure,
        survey_year,
        question_id
    from {{ ref('int_measures__questions') }}

),

grouped as (

    select * from {{ ref('dim_municipality_group') }}

),

answers as (

    select
        survey_year,
        municipality_code,
        question_id,
        if(bool_or(is_asked), any_value(question_status), 'not_asked') as status
    from {{ ref('fct_answers') }}
    group by survey_year, municipality_code, question_id

),

rests_on as (

    select distinct
        cells.measure,
        cells.survey_year,
        cells.population,
        cells.breakdown,
        cells.category,
        questions.question_id
    from cells
    inner join questions
        on
            cells.measure = questions.measure
            and cells.survey_year = questions.survey_year

),

counted as (

    select
        rests_on.measure,
        rests_on.survey_year,
        rests_on.population,
        rests_on.breakdown,
        rests_on.category,
        rests_on.question_id,
        answers.status,
        count(*) as municipalities
    from rests_on
    inner join grouped
        on
            rests_on.survey_year = grouped.survey_year
            and rests_on.population = grouped.population
            and rests_on.breakdown = grouped.breakdown
            and rests_on.category = grouped.category
    inner join answers
        on
            rests_on.survey_year = answers.survey_year
            and rests_on.question_id = answers.question_id
            and grouped.municipality_code = answers.municipality_code
    group by all

)

select
    cells.report,
    cells.table_id,
    cells.row_key,
    cells.column_key,
    counted.survey_year,
    asked.question_position,
    counted.question_id,
    asked.wording_nl,
    asked.wording_en,
    counted.status,
    counted.municipalities
from cells
inner join counted
    on
        cells.measure = counted.measure
        and cells.survey_year = counted.survey_year
        and cells.population = counted.population
        and cells.breakdown = counted.breakdown
        and cells.category = counted.category
inner join {{ ref('dim_question') }} as asked
    on
        counted.survey_year = asked.survey_year
        and counted.question_id = asked.question_id
order by
    cells.report, cells.table_id, cells.row_no, cells.column_no,
    counted.survey_year, asked.question_position, counted.question_id, counted.status
