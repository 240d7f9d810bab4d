{{ config(tags=['forecast']) }}

-- The newest capacity plan: what to reserve per accelerator and term.
select
    plans.accelerator,
    plans.term,
    plans.term_hours,
    plans.created_at,
    plans.evidence,
    plans.method,
    plans.demand_mean_gpus,
    plans.demand_p50_gpus,
    plans.demand_p95_gpus,
    plans.training_mean_gpus,
    plans.reserve_quantile,
    plans.reserved_gpus,
    plans.on_demand_gpus,
    plans.spot_gpus,
    plans.ready_gpus,
    plans.shortfall_probability,
    plans.commitment,
    plans.provider,
    plans.reserved_hourly_usd,
    plans.on_demand_hourly_usd,
    plans.spot_hourly_usd,
    plans.reserved_cost_usd,
    plans.on_demand_cost_usd,
    plans.spot_cost_usd,
    plans.expected_cost_usd,
    plans.today_gpus,
    plans.today_shortfall_probability,
    plans.today_cost_usd,
    plans.today_hourly_usd,
    plans.saving_usd,
    plans.backtest_cutoffs,
    plans.regret_vs_clairvoyant_ratio,
    plans.regret_vs_today_ratio,
    plans.backtest_shortfall_ratio,
    plans.missing
from {{ source('lake', 'capacity_plans') }} as plans
inner join (
    select max(load_id) as load_id
    from {{ ref('stg_lake__loads') }}
    where pipeline_name = 'capacity'
) as newest
    on plans._dlt_load_id = newest.load_id
