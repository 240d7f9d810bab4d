{{ config(tags=['forecast']) }}

-- Closed billing periods. The first close of a period counts, whatever came later.
with closes as (

    select
        closes.provider_key,
        closes.billing_account_id,
        closes.billing_period_start,
        closes.billing_period_end,
        closes.billing_currency,
        closes.billed_cost,
        closes.effective_cost,
        closes.list_cost,
        closes.delivery,
        closes.delivery_load_id,
        closes.closed_at,
        closes._dlt_load_id as load_id,
        min(closes._dlt_load_id) over (
            partition by
                closes.provider_key, closes.billing_account_id, closes.billing_period_start
        ) as first_load_id
    from {{ source('lake', 'billing_closes') }} as closes
    inner join {{ ref('stg_lake__loads') }} as loads
        on closes._dlt_load_id = loads.load_id

)

select
    -- ids
    provider_key,
    billing_account_id,
    -- strings
    billing_currency,
    delivery,
    delivery_load_id,
    -- numerics
    billed_cost,
    effective_cost,
    list_cost,
    -- timestamps and dates
    billing_period_start,
    billing_period_end,
    closed_at
from closes
where load_id = first_load_id
