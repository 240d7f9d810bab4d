{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_days('cost', 'date_day') }}"
) }}

-- What vendors invoice for their models, one row per charge and day; and, summed per day and
-- service, what the same bills hold beside it, since taxes and credits name no model. A model is a
-- vendor's when it is on a price list or registered as bought; what GPU telemetry knows as a
-- machine is ours.
with vendor_models as (

    select provider_model
    from {{ ref('int_prices__priced_models') }}
    union
    select provider_model
    from {{ ref('stg_registry__model_versions') }}
    where
        hosting = 'api'
        and provider_model is not null

),

charges as (

    select
        days.*,
        routes.token_type as named_token_type,
        vendor_models.provider_model,
        {{ to_usd('days.list_cost', 'days.billing_currency', 'rates.usd_rate') }} as list_cost_usd,
        concat_ws(' ', days.sku_meter_key, days.sku_id_key, days.charge_description_key) as texts
    from {{ ref('int_billing__charge_days') }} as days
    inner join {{ ref('int_cost__routes') }} as routes
        on
            days.charge_id = routes.charge_id
            and days.date_day = routes.date_day
    left join vendor_models
        on
            routes.provider_model = vendor_models.provider_model
            and routes.allocation_method <> 'gpu_time'
    left join {{ ref('int_currency__rates') }} as rates
        on
            days.billing_currency = rates.currency
            and days.date_day = rates.date_day
    where
        true
        {{ affected_days_only('cost', 'days.date_day') }}

),

lines as (

    select
        date_day,
        provider,
        provider_key,
        billing_account_id,
        service_name,
        provider_model,
        case when provider_model is not null then charge_id end as charge_id,
        case when provider_model is not null then named_token_type end as token_type,
        case
            when provider_model is not null
                then concat_ws('/', billing_account_id, sub_account_id, resource_key)
        end as usage_key,
        case
            when charge_category in ('tax', 'credit') then charge_category
            when charge_category in ('adjustment', 'refund') or charge_class = 'correction'
                then 'correction'
            when charge_category = 'purchase' then 'prepaid'
            when is_counted_otherwise and consumed_mtok is null then 'not_tokens'
            else 'usage'
        end as line_kind,
        -- a tier that the bill names may have any price
        provider_model is not null
        and coalesce(
            {{ matches('texts', '(^|[^a-z])(batch|flex|priority|provisioned)([^a-z]|$)') }}, false
        ) as is_named_tier,
        provider_model is not null and spans_days as spans_days,
        billing_currency,
        billed_cost_usd,
        effective_cost_usd,
        list_cost_usd,
        case when provider_model is not null then consumed_mtok end as mtok
    from charges

)

select
    date_day,
    provider,
    provider_key,
    billing_account_id,
    service_name,
    provider_model,
    charge_id,
    token_type,
    usage_key,
    line_kind,
    is_named_tier,
    spans_days,
    billing_currency,
    cast(sum(billed_cost_usd) as decimal(38, 12)) as billed_cost_usd,
    cast(sum(effective_cost_usd) as decimal(38, 12)) as effective_cost_usd,
    cast(sum(list_cost_usd) as decimal(38, 12)) as list_cost_usd,
    cast(sum(mtok) as decimal(38, 12)) as mtok
from lines
group by
    date_day, provider, provider_key, billing_account_id, service_name, provider_model, charge_id,
    token_type, usage_key, line_kind, is_named_tier, spans_days, billing_currency
