-- What each billing period amounts to now, and whether it may be closed: the delivery that counts
-- holds the period's last day, and providers have had their days to correct it.
with deliveries as (

    select
        provider_key,
        billing_account_id,
        billing_period_start,
        delivery,
        newest_load_id,
        is_complete,
        row_number() over (
            partition by provider_key, billing_account_id, billing_period_start
            order by newest_load_id desc, delivery_sort_key desc, delivery desc
        ) as newest_rank
    from {{ ref('int_billing__deliveries') }}
    where delivery_rank = 1

),

periods as (

    select
        provider_key,
        billing_account_id,
        billing_period_start,
        max(provider) as provider,
        coalesce(
            max(billing_period_end),
            cast(billing_period_start + interval '1 month' as date)
        ) as billing_period_end,
        -- A fee for the whole month reaches its last day from the first on; usage by day does not.
        coalesce(
            max(case when charge_category = 'usage' and not spans_days then date_day end),
            max(date_day)
        ) as covered_until
    from {{ ref('int_billing__charge_days') }}
    group by provider_key, billing_account_id, billing_period_start

),

amounts as (

    select
        provider_key,
        billing_account_id,
        billing_period_start,
        billing_currency,
        cast(sum(billed_cost) as decimal(38, 12)) as billed_cost,
        cast(sum(effective_cost) as decimal(38, 12)) as effective_cost,
        cast(sum(list_cost) as decimal(38, 12)) as list_cost
    from {{ ref('int_billing__charge_days') }}
    group by provider_key, billing_account_id, billing_period_start, billing_currency

)

select
    periods.provider_key,
    periods.provider,
    periods.billing_account_id,
    periods.billing_period_start,
    periods.billing_period_end,
    amounts.billing_currency,
    amounts.billed_cost,
    amounts.effective_cost,
    amounts.list_cost,
    deliveries.delivery,
    deliveries.newest_load_id as delivery_load_id,
    periods.covered_until,
    cast(
        periods.billing_period_end + interval '{{ var("billing_close_days") }} days' as date
    ) as closable_from,
    deliveries.is_complete
    and periods.covered_until >= cast(periods.billing_period_end - interval '1 day' as date)
        as has_final_delivery
from periods
inner join amounts
    on
        periods.provider_key = amounts.provider_key
        and periods.billing_account_id = amounts.billing_account_id
        and periods.billing_period_start = amounts.billing_period_start
inner join deliveries
    on
        periods.provider_key = deliveries.provider_key
        and periods.billing_account_id = deliveries.billing_account_id
        and periods.billing_period_start = deliveries.billing_period_start
        and deliveries.newest_rank = 1
