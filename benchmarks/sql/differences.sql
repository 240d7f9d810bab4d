-- Rows of the marts that the script by hand does not find within a millionth, by mart. The marts are
-- attached as `dbt`, the script's tables as `hand`.
with utilization as (
    select a.hour
    from dbt.marts.fct_gpu_utilization_hourly as a
    full outer join hand.marts.fct_gpu_utilization_hourly as b
        using (hour, gpu_uuid, model_name, model_version, endpoint, team)
    where
        (
            abs(a.gpu_hours - b.gpu_hours) < 1e-6 and abs(a.avg_utilization - b.avg_utilization) < 1e-6
            and abs(a.power_w - b.power_w) < 1e-3
            and abs(cast(a.cost_usd as double) - coalesce(b.cost_usd, 0)) < 1e-6
            and abs(cast(a.idle_cost_usd as double) - coalesce(b.idle_cost_usd, 0)) < 1e-6
        ) is not true
),

cost as (
    select date_day
    from (
        select
            date_day, provider, service_name, model_name, model_version, endpoint, team, cost_component,
            allocation_method, cast(sum(effective_cost_usd) as double) as cost
        from dbt.marts.fct_model_cost_daily
        group by all
    ) as a
    full outer join hand.marts.fct_model_cost_daily as b
        using (
            date_day, provider, service_name, model_name, model_version, endpoint, team, cost_component,
            allocation_method
        )
    where (abs(a.cost - b.effective_cost_usd) < 1e-6) is not true
),

economics as (
    select date_day
    from dbt.marts.fct_unit_economics_daily as a
    full outer join hand.marts.fct_unit_economics_daily as b using (date_day, model_name, model_version, endpoint)
    where
        (
            a.requests = b.requests and a.input_tokens = b.input_tokens and a.output_tokens = b.output_tokens
            and abs(cast(a.direct_cost_usd as double) - b.direct_cost_usd) < 1e-6
            and abs(cast(a.loaded_cost_usd as double) - b.loaded_cost_usd) < 1e-6
        ) is not true
        and a.model_name <> 'unattributed'
),

demand as (
    select ds
    from (from dbt.marts.fct_gpu_demand_hourly where requests > 0) as a
    full outer join hand.marts.fct_gpu_demand_hourly as b using (unique_id, ds)
    where
        (
            a.requests = b.requests and a.tokens = b.tokens
            and abs(coalesce(a.gpus_required, 0) - coalesce(b.gpus_required, 0)) < 1e-6
            and abs(coalesce(a.gpus_allocated, 0) - coalesce(b.gpus_allocated, 0)) < 1e-6
        ) is not true
),

coverage as (
    select date_day
    from dbt.marts.fct_tag_coverage_daily as a
    full outer join hand.marts.fct_tag_coverage_daily as b using (date_day, provider, service_name)
    where
        (
            abs(cast(a.cost_usd as double) - cast(b.cost_usd as double)) < 1e-6
            and abs(cast(a.full_identity_cost_usd as double) - cast(b.full_identity_cost_usd as double)) < 1e-6
            and abs(cast(a.untagged_cost_usd as double) - cast(b.untagged_cost_usd as double)) < 1e-6
        ) is not true
),

shares as (
    select month
    from dbt.marts.fct_spend_share_monthly as a
    full outer join hand.marts.fct_spend_share_monthly as b using (month, provider, service_name, resource_id, endpoint)
    where
        (
            abs(cast(a.share_of_bill as double) - b.share_of_bill) < 1e-6
            and abs(coalesce(cast(a.added_ratio as double), 0) - coalesce(b.added_ratio, 0)) < 1e-6
        ) is not true
)

select 'fct_gpu_utilization_hourly' as mart, count(*) as rows_that_differ from utilization
union all
select 'fct_model_cost_daily', count(*) from cost
union all
select 'fct_unit_economics_daily', count(*) from economics
union all
select 'fct_gpu_demand_hourly', count(*) from demand
union all
select 'fct_tag_coverage_daily', count(*) from coverage
union all
select 'fct_spend_share_monthly', count(*) from shares
