with survey_years as (

    select * from {{ ref('int_survey_years__registered') }}
    where asks_all_counts

),

municipalities as (

    select * from {{ ref('int_municipalities__classified') }}

),

counts as (

    select * from {{ ref('int_counts__pivoted') }}

),

disadvantage as (

    select * from {{ ref('stg_registers__disadvantage') }}

),

given as (

    select
        municipalities.survey_year,
        municipalities.municipality_code,
        municipalities.is_respondent,
        municipalities.disadvantage_group,
        disadvantage.pupils,
        counts.target_toddlers as target_given,
        counts.target_toddlers_before as target_given_before,
        counts.reached_toddlers as reached_given
    from municipalities
    inner join survey_years
        on municipalities.survey_year = survey_years.survey_year
    inner join counts
        on
            municipalities.survey_year = counts.survey_year
            and municipalities.municipality_code = counts.municipality_code
    left join disadvantage
        on
            municipalities.municipality_code = disadvantage.municipality_code
            and municipalities.disadvantage_year = disadvantage.layout_year

),

per_group as (

    select
        survey_year,
        disadvantage_group,
        sum(target_given) as target_toddlers,
        sum(pupils) as pupils
    from given
    where target_given is not null and pupils is not null
    group by survey_year, disadvantage_group

),

completed as (

    select
        given.*,
        case
            when not given.is_respondent then 'no_questionnaire'
            when given.target_given is null and given.reached_given is null then 'neither_given'
            when given.target_given is null then 'target_not_given'
            when given.reached_given is null then 'reached_not_given'
            else 'both_given'
        end as ground,
        {{ scaled_half_up('given.pupils * per_group.target_toddlers', 'per_group.pupils', 0) }} as target_by_pupils
    from given
    left join per_group
        on
            given.survey_year = per_group.survey_year
            and given.disadvantage_group = per_group.disadvantage_group

),

with_target as (

    select
        *,
        case
            when target_given is not null then null
            when target_given_before is not null then 'last_year_given'
            when target_by_pupils is not null then 'pupils'
        end as imputed_from,
        case
            when target_given is not null then target_given
            when imputed_from is not null
                then greatest(coalesce(target_given_before, target_by_pupils), coalesce(reached_given, 0))
        end as target_toddlers
    from completed

)

select
    survey_year,
    municipality_code,
    ground,
    imputed_from,
    target_toddlers,
    coalesce(target_given > 0 and reached_given > target_given, false) as is_above_target,
    -- Without target toddlers no reach; what was reached counts as it was given; otherwise nobody, or everybody.
    case
        when target_toddlers > 0 then coalesce(reached_given, 0)
        else target_toddlers
    end as reached_at_least,
    case
        when target_toddlers > 0 then coalesce(reached_given, target_toddlers)
        else target_toddlers
    end as reached_at_most
from with_target
order by survey_year, municipality_code
