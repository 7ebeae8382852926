-- A survey year without any answer yet is only planned: nobody failed to give a count.
with municipalities as (

    select *
    from {{ ref('int_municipalities__classified') }}
    qualify bool_or(is_respondent) over (partition by survey_year)

),

counts as (

    select * from {{ ref('int_counts__pivoted') }}

),

continued as (

    select * from {{ ref('int_municipalities__continued') }}

),

listed as (

    select
        municipalities.survey_year,
        municipalities.reference_year,
        municipalities.municipality_code,
        municipalities.is_respondent,
        unnest(['target_toddlers', 'places', 'reached_toddlers']) as concept,
        unnest([counts.target_toddlers, counts.places, counts.reached_toddlers]) as number,
        unnest([counts.target_toddlers_status, counts.places_status, counts.reached_toddlers_status]) as given_status
    from municipalities
    left join counts
        on
            municipalities.survey_year = counts.survey_year
            and municipalities.municipality_code = counts.municipality_code

),

given_before as (

    select
        continued.survey_year,
        continued.municipality_code,
        listed.concept,
        max(continued.earlier_survey_year) as last_given_survey_year,
        arg_max(continued.earlier_reference_year, continued.earlier_survey_year) as last_given_reference_year,
        arg_max(listed.number, continued.earlier_survey_year) as last_given_number
    from continued
    inner join listed
        on
            continued.earlier_survey_year = listed.survey_year
            and continued.earlier_municipality_code = listed.municipality_code
    where listed.number is not null
    group by continued.survey_year, continued.municipality_code, listed.concept

)

select
    listed.survey_year,
    listed.reference_year,
    listed.municipality_code,
    listed.concept,
    listed.number,
    if(listed.is_respondent, listed.given_status, 'no_questionnaire') as status,
    given_before.last_given_number,
    given_before.last_given_survey_year,
    given_before.last_given_reference_year
from listed
left join given_before
    on
        listed.survey_year = given_before.survey_year
        and listed.municipality_code = given_before.municipality_code
        and listed.concept = given_before.concept
order by listed.survey_year, listed.municipality_code, listed.concept
