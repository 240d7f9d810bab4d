-- What an invoice for models holds beside their tokens: charges of a model that count something
-- else, and charges that name no model, where they belong to a service that sells models or to an
-- account that is billed for nothing else.
with lines as (

    select
        *,
        cast(date_trunc('month', date_day) as date) as month
    from {{ ref('int_reconciliation__lines') }}

),

model_services as (

    select distinct
        month,
        provider_key,
        billing_account_id,
        service_name
    from lines
    where
        provider_model is not null
        and service_name <> 'unattributed'

),

-- Accounts that are billed for models and for nothing else that is used.
model_accounts as (

    select
        month,
        provider_key,
        billing_account_id
    from lines
    group by month, provider_key, billing_account_id
    having
        count(provider_model) > 0
        and sum(case when provider_model is null and line_kind = 'usage' then 1 else 0 end) = 0

)

select
    lines.month,
    lines.provider_key,
    {{ or_unattributed('lines.provider_model') }} as provider_model,
    -- usage that names no known model has no price to be held against
    case
        when lines.line_kind = 'usage' then 'no_price'
        else lines.line_kind
    end as cause,
    coalesce(lines.billed_cost_usd, 0) as variance_usd
from lines
left join model_services
    on
        lines.month = model_services.month
        and lines.provider_key = model_services.provider_key
        and lines.billing_account_id = model_services.billing_account_id
        and lines.service_name = model_services.service_name
left join model_accounts
    on
        lines.month = model_accounts.month
        and lines.provider_key = model_accounts.provider_key
        and lines.billing_account_id = model_accounts.billing_account_id
where
    lines.provider_model is not null and lines.line_kind <> 'usage'
    or lines.provider_model is null
    and coalesce(model_services.provider_key, model_accounts.provider_key) is not null
