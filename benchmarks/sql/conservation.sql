-- Per provider, account, period and currency: what the bill says, and what the cost mart makes of it.
-- A row is money that is in one of them and not in the other.
with bill as (

    select
        provider,
        billing_account_id,
        billing_period_start,
        billing_currency,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost,
        sum(list_cost) as list_cost
    from intermediate.int_billing__charge_days
    group by all

),

mart as (

    select
        provider,
        billing_account_id,
        billing_period_start,
        billing_currency,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost,
        sum(list_cost) as list_cost
    from marts.fct_model_cost_daily
    group by all

)

(from bill except from mart)
union all
(from mart except from bill)
