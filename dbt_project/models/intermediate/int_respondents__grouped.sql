with respondents as (

    select * from {{ ref('int_municipalities__classified') }}
    where is_respondent

),

survey_years as (

    select * from {{ ref('int_survey_years__registered') }}

),

report_classification as (

    select * from {{ ref('stg_registers__report_classification') }}

),

required_years as (

    select
        survey_year,
        analysis_population,
        cast(unnest(string_split(analysis_population_years, ',')) as integer) as required_year
    from survey_years
    where analysis_population is not null

),

analysed as (

    select
        respondents.survey_year,
        required_years.analysis_population as population,
        respondents.municipality_code
    from respondents
    inner join required_years
        on respondents.survey_year = required_years.survey_year
    left join respondents as also_responded
        on
            required_years.required_year = also_responded.survey_year
            and respondents.municipality_code = also_responded.municipality_code
    group by all
    having count(*) = count(also_responded.municipality_code)

),

populations as (

    select
        survey_year,
        'respondents' as population,
        municipality_code
    from respondents

    union all

    select
        survey_year,
        population,
        municipality_code
    from analysed

),

classifications as (

    select distinct classification from report_classification

),

categories as (

    select
        survey_year,
        municipality_code,
        'total' as breakdown,
        'all' as category
    from respondents

    union all

    select
        survey_year,
        municipality_code,
        'urbanisation_class' as breakdown,
        cast(urbanisation_class as varchar) as category
    from respondents

    union all

    select
        survey_year,
        municipality_code,
        'disadvantage_group' as breakdown,
        disadvantage_group as category
    from respondents

    union all

    select
        survey_year,
        municipality_code,
        'province' as breakdown,
        province_code as category
    from respondents

    union all

    select
        respondents.survey_year,
        respondents.municipality_code,
        'urbanisation_class_' || classifications.classification as breakdown,
        cast(report_classification.urbanisation_class as varchar) as category
    from respondents
    cross join classifications
    left join report_classification
        on
            classifications.classification = report_classification.classification
            and respondents.municipality_code = report_classification.municipality_code

    union all

    select
        respondents.survey_year,
        respondents.municipality_code,
        'disadvantage_group_' || classifications.classification as breakdown,
        report_classification.disadvantage_group as category
    from respondents
    cross join classifications
    left join report_classification
        on
            classifications.classification = report_classification.classification
            and respondents.municipality_code = report_classification.municipality_code

)

select
    populations.survey_year,
    populations.population,
    populations.municipality_code,
    categories.breakdown,
    coalesce(categories.category, 'unknown') as category
from populations
inner join categories
    on
        populations.survey_year = categories.survey_year
        and populations.municipality_code = categories.municipality_code
