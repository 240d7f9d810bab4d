-- Whether a version still lives: who called it, whether its GPUs were busy, what it cost, up to
-- the as-of day. A signal counts only where the model has ever given it: a model whose calls
-- nobody logs is not dead for want of calls.
with costs as (

    select
        model_name,
        model_version,
        max(date_day) as last_cost_day
    from (
        select
            date_day,
            model_name,
            model_version
        from {{ ref('fct_model_cost_daily') }}
        where lifecycle_stage not in ('training', 'fine_tuning')
        group by date_day, model_name, model_version
        having sum(effective_cost_usd) > 0
    ) as paid_days
    group by model_name, model_version

),

calls as (

    select
        model_name,
        model_version,
        max(date_day) as last_call_day
    from {{ ref('int_requests__served_daily') }}
    where requests > 0
    group by model_name, model_version

),

gpus as (

    select
        model_name,
        model_version,
        max(
            case
                when avg_utilization >= {{ var('utilization_idle_below') }}
                    then cast(hour as date)
            end
        ) as last_busy_day
    from {{ ref('fct_gpu_utilization_hourly') }}
    group by model_name, model_version

),

signals as (

    select
        model_name,
        max(has_calls) = 1 as has_calls,
        max(has_gpus) = 1 as has_gpus
    from (
        select
            model_name,
            1 as has_calls,
            0 as has_gpus
        from calls
        union all
        select
            model_name,
            0 as has_calls,
            1 as has_gpus
        from gpus
    ) as given
    group by model_name

),

lives as (

    select
        costs.model_name,
        costs.model_version,
        costs.last_cost_day,
        calls.last_call_day,
        gpus.last_busy_day,
        registry.deployed_date,
        registry.sunset_date,
        coalesce(signals.has_calls or signals.has_gpus, false) as is_observed,
        {{ as_of_day() }} as as_of_date,
        cast({{ as_of_day() }} - interval '{{ var("zombie_days") }} days' as date) as quiet_since
    from costs
    inner join {{ ref('stg_registry__model_versions') }} as registry
        on
            costs.model_name = registry.model_name
            and costs.model_version = registry.model_version
    left join calls
        on
            costs.model_name = calls.model_name
            and costs.model_version = calls.model_version
    left join gpus
        on
            costs.model_name = gpus.model_name
            and costs.model_version = gpus.model_version
    left join signals
        on costs.model_name = signals.model_name

)

select
    model_name,
    model_version,
    last_call_day,
    last_busy_day,
    last_cost_day,
    case
        when
            last_cost_day > sunset_date
            and last_cost_day > cast(as_of_date - interval '{{ var("verdict_days") }} days' as date)
            then 'cost after sunset'
        when
            deployed_date <= quiet_since
            and is_observed
            and last_cost_day > quiet_since
            and coalesce(last_call_day <= quiet_since, true)
            and coalesce(last_busy_day <= quiet_since, true)
            then 'deployed and paid for, without calls or busy GPUs'
    end as zombie_reason
from lives
