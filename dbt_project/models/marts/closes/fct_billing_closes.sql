{{ config(tags=['forecast']) }}

-- Closed billing periods: what they were closed at, what they amount to now, and the difference. A
-- currency that came or went since the close stands against 0.
with closed_periods as (

    select
        provider_key,
        billing_account_id,
        billing_period_start,
        max(billing_period_end) as billing_period_end,
        max(closed_at) as closed_at,
        max(delivery) as closed_delivery,
        max(delivery_load_id) as closed_load_id
    from {{ ref('stg_billing__closes') }}
    group by provider_key, billing_account_id, billing_period_start

),

current_periods as (

    select
        provider_key,
        billing_account_id,
        billing_period_start,
        max(provider) as provider,
        max(delivery) as current_delivery,
        max(delivery_load_id) as current_load_id
    from {{ ref('int_closes__periods') }}
    group by provider_key, billing_account_id, billing_period_start

),

both_sides as (

    select
        provider_key,
        billing_account_id,
        billing_period_start,
        billing_currency,
        billed_cost as closed_billed_cost,
        effective_cost as closed_effective_cost,
        list_cost as closed_list_cost,
        cast(0 as decimal(38, 12)) as billed_cost,
        cast(0 as decimal(38, 12)) as effective_cost,
        cast(0 as decimal(38, 12)) as list_cost
    from {{ ref('stg_billing__closes') }}
    union all
    select
        provider_key,
        billing_account_id,
        billing_period_start,
        billing_currency,
        cast(0 as decimal(38, 12)) as closed_billed_cost,
        cast(0 as decimal(38, 12)) as closed_effective_cost,
        cast(0 as decimal(38, 12)) as closed_list_cost,
        billed_cost,
        effective_cost,
        list_cost
    from {{ ref('int_closes__periods') }}

),

amounts as (

    select
        provider_key,
        billing_account_id,
        billing_period_start,
        billing_currency,
        sum(closed_billed_cost) as closed_billed_cost,
        sum(closed_effective_cost) as closed_effective_cost,
        sum(closed_list_cost) as closed_list_cost,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost,
        sum(list_cost) as list_cost
    from both_sides
    group by provider_key, billing_account_id, billing_period_start, billing_currency

)

select
    amounts.provider_key,
    amounts.billing_account_id,
    amounts.billing_period_start,
    amounts.billing_currency,
    coalesce(current_periods.provider, amounts.provider_key) as provider,
    closed_periods.billing_period_end,
    closed_periods.closed_at,
    closed_periods.closed_delivery,
    current_periods.current_delivery,
    coalesce(closed_periods.closed_load_id = current_periods.current_load_id, false)
        as is_closed_delivery_current,
    cast(amounts.closed_billed_cost as decimal(38, 12)) as closed_billed_cost,
    cast(amounts.closed_effective_cost as decimal(38, 12)) as closed_effective_cost,
    cast(amounts.closed_list_cost as decimal(38, 12)) as closed_list_cost,
    cast(amounts.billed_cost as decimal(38, 12)) as billed_cost,
    cast(amounts.effective_cost as decimal(38, 12)) as effective_cost,
    cast(amounts.list_cost as decimal(38, 12)) as list_cost,
    cast(amounts.billed_cost - amounts.closed_billed_cost as decimal(38, 12))
        as restated_billed_cost,
    cast(amounts.effective_cost - amounts.closed_effective_cost as decimal(38, 12))
        as restated_effective_cost,
    cast(amounts.list_cost - amounts.closed_list_cost as decimal(38, 12)) as restated_list_cost,
    amounts.billed_cost <> amounts.closed_billed_cost
    or amounts.effective_cost <> amounts.closed_effective_cost
    or amounts.list_cost <> amounts.closed_list_cost as is_restated
from amounts
inner join closed_periods
    on
        amounts.provider_key = closed_periods.provider_key
        and amounts.billing_account_id = closed_periods.billing_account_id
        and amounts.billing_period_start = closed_periods.billing_period_start
left join current_periods
    on
        amounts.provider_key = current_periods.provider_key
        and amounts.billing_account_id = current_periods.billing_account_id
        and amounts.billing_period_start = current_periods.billing_period_start
