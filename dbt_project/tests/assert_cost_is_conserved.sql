{{ config(severity='error', meta={'owner': 'team:finops'}) }}

-- Rule 1: per provider, billing account, billing period and currency the cost mart holds exactly
-- what the newest delivery's loaded rows hold. Difference exactly zero.
with loaded as (

    select
        charges.provider,
        charges.billing_account_id,
        charges.billing_period_start,
        charges.billing_currency,
        sum(charges.billed_cost) as billed_cost,
        sum(charges.effective_cost) as effective_cost,
        sum(charges.list_cost) as list_cost
    from {{ ref('stg_billing__charges') }} as charges
    inner join {{ ref('int_billing__deliveries') }} as deliveries
        on
            charges.provider_key = deliveries.provider_key
            and charges.billing_account_id = deliveries.billing_account_id
            and charges.billing_period_start = deliveries.billing_period_start
            and charges.delivery = deliveries.delivery
            and deliveries.owned_day = {{ owned_day('charges.first_day') }}
            and deliveries.delivery_rank = 1
    group by
        charges.provider, charges.billing_account_id, charges.billing_period_start,
        charges.billing_currency

),

published as (

    select
        provider,
        billing_account_id,
        billing_period_start,
        billing_currency,
        sum(billed_cost) as billed_cost,
        sum(effective_cost) as effective_cost,
        sum(list_cost) as list_cost
    from {{ ref('fct_model_cost_daily') }}
    group by provider, billing_account_id, billing_period_start, billing_currency

),

compared as (

    select
        coalesce(loaded.provider, published.provider) as provider,
        coalesce(loaded.billing_account_id, published.billing_account_id) as billing_account_id,
        coalesce(loaded.billing_period_start, published.billing_period_start)
            as billing_period_start,
        coalesce(loaded.billing_currency, published.billing_currency) as billing_currency,
        {% for cost in ['billed_cost', 'effective_cost', 'list_cost'] %}
        coalesce(published.{{ cost }}, 0) - coalesce(loaded.{{ cost }}, 0)
            as {{ cost }}_difference{{ ',' if not loop.last }}
        {% endfor %}
    from loaded
    full outer join published
        on
            loaded.provider = published.provider
            and loaded.billing_account_id = published.billing_account_id
            and loaded.billing_period_start = published.billing_period_start
            and loaded.billing_currency = published.billing_currency

)

select
    compared.*,
    concat(
        compared.provider, ', account ', compared.billing_account_id, ', period ',
        cast(compared.billing_period_start as varchar), ': the cost mart differs from the bill by ',
        cast(compared.billed_cost_difference as varchar), ' billed, ',
        cast(compared.effective_cost_difference as varchar), ' effective, ',
        cast(compared.list_cost_difference as varchar), ' list ', compared.billing_currency
    ) as message
from compared
where
    compared.billed_cost_difference <> 0
    or compared.effective_cost_difference <> 0
    or compared.list_cost_difference <> 0
