{% set types = ['input', 'output', 'cache_read', 'cache_creation'] %}

-- What the log says a vendor's model cost: tokens of each type at the list price of the day, under
-- the provider that invoices it. That is the provider the call names; where it does not invoice the
-- model that month, the only one that does (Azure sells what calls know as OpenAI's). Only usage
-- that somebody should invoice counts: not what we host ourselves, nor days that no bill can speak
-- of yet.
with invoicers as (

    select distinct
        cast(date_trunc('month', date_day) as date) as month,
        provider_key,
        provider_model
    from {{ ref('int_reconciliation__lines') }}
    where
        provider_model is not null
        and line_kind in ('usage', 'not_tokens')

),

sole_invoicers as (

    select
        month,
        provider_model,
        min(provider_key) as provider_key
    from invoicers
    group by month, provider_model
    having count(*) = 1

),

-- Bills begin and end somewhere. The first and the newest billed month count from and to the days
-- that the vendor itself has billed, as far as it has billed them at all.
billed_days as (

    select
        provider_key,
        min(date_day) as first_day,
        max(date_day) as last_day
    from {{ ref('int_reconciliation__lines') }}
    where
        provider_model is not null
        and line_kind = 'usage'
    group by provider_key

),

bounds as (

    select
        min(date_day) as first_day,
        max(date_day) as last_day
    from {{ ref('int_reconciliation__lines') }}

),

logged as (

    select
        usage.date_day,
        cast(date_trunc('month', usage.date_day) as date) as month,
        usage.provider_key as logged_provider_key,
        usage.provider_model,
        coalesce(own.provider_key, sole_invoicers.provider_key, usage.provider_key)
            as provider_key,
        coalesce(own.provider_key, sole_invoicers.provider_key) is not null
        or versions.hosting = 'api'
        or listed.provider_model is not null as is_bought,
        greatest(usage.input_tokens - usage.cache_read_tokens - usage.cache_creation_tokens, 0)
            as input_tokens,
        usage.output_tokens,
        usage.cache_read_tokens,
        usage.cache_creation_tokens,
        {% for type in types %}
        prices.{{ type }}_per_mtok{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_requests__daily') }} as usage
    left join {{ ref('int_prices__as_of_day') }} as prices
        on
            usage.date_day = prices.date_day
            and usage.provider_key = prices.provider_key
            and usage.provider_model = prices.provider_model
    left join {{ ref('stg_registry__model_versions') }} as versions
        on
            usage.model_name = versions.model_name
            and usage.model_version = versions.model_version
    left join (
        select distinct
            provider_key,
            provider_model
        from {{ ref('stg_prices__token_prices') }}
    ) as listed
        on
            usage.provider_key = listed.provider_key
            and usage.provider_model = listed.provider_model
    left join invoicers as own
        on
            usage.provider_key = own.provider_key
            and usage.provider_model = own.provider_model
            and own.month = cast(date_trunc('month', usage.date_day) as date)
    left join sole_invoicers
        on
            usage.provider_model = sole_invoicers.provider_model
            and sole_invoicers.month = cast(date_trunc('month', usage.date_day) as date)
    where
        usage.provider_model is not null
        and coalesce(versions.hosting, 'api') <> 'self_hosted'

),

expected as (

    select
        logged.date_day,
        logged.month,
        logged.provider_key,
        logged.provider_model,
        logged.logged_provider_key,
        {% for type in types %}
        cast(sum(logged.{{ type }}_tokens) as decimal(24, 0)) * cast(0.000001 as decimal(7, 6))
            as {{ type }}_mtok,
        max(logged.{{ type }}_per_mtok) as {{ type }}_per_mtok{{ ',' if not loop.last }}
        {% endfor %}
    from logged
    cross join bounds
    left join billed_days
        on logged.provider_key = billed_days.provider_key
    where
        logged.is_bought
        and logged.date_day >= case
            when
                date_trunc('month', billed_days.first_day) = date_trunc('month', bounds.first_day)
                then billed_days.first_day
            else bounds.first_day
        end
        and logged.date_day <= case
            when date_trunc('month', billed_days.last_day) = date_trunc('month', bounds.last_day)
                then billed_days.last_day
            else bounds.last_day
        end
    group by
        logged.date_day, logged.month, logged.provider_key, logged.provider_model,
        logged.logged_provider_key

)

select
    date_day,
    month,
    provider_key,
    provider_model,
    min(logged_provider_key) as logged_provider_key,
    {% for type in types %}
    cast(sum({{ type }}_mtok) as decimal(38, 12)) as {{ type }}_mtok,
    cast(coalesce(sum({{ token_cost(type ~ '_mtok', type ~ '_per_mtok') }}), 0) as decimal(38, 12))
        as {{ type }}_estimated_usd{{ ',' if not loop.last }}
    {% endfor %}
from expected
group by date_day, month, provider_key, provider_model
