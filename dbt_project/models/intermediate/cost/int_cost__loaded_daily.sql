-- The loaded cost of each version per day, by kind: direct, shared, idle, training.
with kinds as (

    select
        date_day,
        model_name,
        model_version,
        endpoint,
        team,
        accelerator,
        case when allocation_method = 'shared' then 'shared' else 'direct' end as cost_kind,
        effective_cost_usd as cost_usd
    from {{ ref('int_cost__parts') }}
    where
        allocation_method in ('direct', 'gpu_time', 'token_share', 'shared')
        and lifecycle_stage not in ('training', 'fine_tuning')
        and effective_cost_usd is not null
    union all
    select
        date_day,
        model_name,
        model_version,
        endpoint,
        team,
        accelerator,
        'idle' as cost_kind,
        idle_cost_usd as cost_usd
    from {{ ref('int_cost__idle_shares') }}
    union all
    select
        date_day,
        model_name,
        model_version,
        'unattributed' as endpoint,
        team,
        'unattributed' as accelerator,
        'training' as cost_kind,
        training_cost_usd as cost_usd
    from {{ ref('int_cost__training_amortised') }}
    where date_day <= {{ as_of_day() }}

)

select
    date_day,
    model_name,
    model_version,
    endpoint,
    team,
    accelerator,
    cost_kind,
    cast(sum(cost_usd) as decimal(38, 12)) as cost_usd
from kinds
group by date_day, model_name, model_version, endpoint, team, accelerator, cost_kind
