-- Training and fine-tuning money of a version, spread evenly over its deployed days: from
-- deployment (or the charge, if later) for at most the amortisation term, not beyond its sunset; a
-- charge after the sunset stays on its day. A version without a registered deployment counts as
-- deployed from its first request; one that never served is not amortised yet.
with first_served as (

    select
        model_name,
        model_version,
        min(date_day) as first_day
    from {{ ref('int_requests__daily') }}
    where requests > 0
    group by model_name, model_version

),

training as (

    select
        parts.model_name,
        parts.model_version,
        parts.team,
        parts.initiative,
        parts.date_day as charge_day,
        cast(sum(parts.effective_cost_usd) as decimal(38, 12)) as training_cost_usd
    from {{ ref('int_cost__parts') }} as parts
    where
        parts.lifecycle_stage in ('training', 'fine_tuning')
        and parts.allocation_method in ('direct', 'gpu_time', 'token_share', 'shared')
        and parts.effective_cost_usd is not null
    group by
        parts.model_name, parts.model_version, parts.team, parts.initiative, parts.date_day

),

started as (

    select
        training.*,
        greatest(
            training.charge_day, coalesce(versions.deployed_date, first_served.first_day)
        ) as first_day,
        versions.sunset_date
    from training
    left join {{ ref('stg_registry__model_versions') }} as versions
        on
            training.model_name = versions.model_name
            and training.model_version = versions.model_version
    left join first_served
        on
            training.model_name = first_served.model_name
            and training.model_version = first_served.model_version
    where coalesce(versions.deployed_date, first_served.first_day) is not null

),

terms as (

    select
        *,
        cast(
            case
                when sunset_date <= first_day then first_day + interval '1 day'
                when sunset_date > first_day
                    then least(
                        sunset_date,
                        first_day + {{ var('training_amortisation_days') }} * interval '1 day'
                    )
                else first_day + {{ var('training_amortisation_days') }} * interval '1 day'
            end - interval '1 day' as date
        ) as last_day
    from started

),

days as (

    select
        model_name,
        model_version,
        team,
        initiative,
        charge_day,
        training_cost_usd,
        1 as weight,
        cast({{ each_step('first_day', 'last_day', '1 day') }} as date) as date_day
    from terms

)

{{ split_exactly(
    'days',
    group_by=['model_name', 'model_version', 'team', 'initiative', 'charge_day'],
    weight='weight',
    tie_break=['date_day'],
    amounts=['training_cost_usd']
) }}
