{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_days('cost', 'date_day') }}"
) }}

select
    date_day,
    billing_period_start,
    provider,
    billing_account_id,
    service_name,
    model_name,
    model_version,
    endpoint,
    team,
    environment,
    lifecycle_stage,
    cost_component,
    initiative,
    accelerator,
    allocation_method,
    billing_currency,
    cast(sum(billed_cost) as decimal(38, 12)) as billed_cost,
    cast(sum(effective_cost) as decimal(38, 12)) as effective_cost,
    cast(sum(list_cost) as decimal(38, 12)) as list_cost,
    cast(sum(effective_cost_usd) as decimal(38, 12)) as effective_cost_usd,
    cast(sum(billed_cost_usd) as decimal(38, 12)) as billed_cost_usd
from {{ ref('int_cost__parts') }}
where
    true
    {{ affected_days_only('cost', 'date_day') }}
group by
    date_day, billing_period_start, provider, billing_account_id, service_name, model_name,
    model_version, endpoint, team, environment, lifecycle_stage, cost_component, initiative,
    accelerator, allocation_method, billing_currency
