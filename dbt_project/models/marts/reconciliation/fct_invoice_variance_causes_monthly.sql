-- Why an invoice is not what the log says it should be, in money: what prices explain, what
-- quantities explain, and charges that are for no tokens at all.
with causes as (

    {% for cause in [
        'prepaid', 'tier_or_discount', 'stale_price', 'cache_tokens', 'currency', 'no_price',
        'unexplained',
    ] %}
    select
        month,
        provider_key,
        provider_model,
        '{{ cause }}' as cause,
        {{ cause }}_usd as variance_usd
    from {{ ref('int_reconciliation__price_causes') }}
    union all
    {% endfor %}
    {% for cause in [
        'untracked_usage', 'cache_tokens', 'missing_usage', 'uninvoiced_usage', 'unexplained'
    ] %}
    select
        month,
        provider_key,
        provider_model,
        '{{ cause }}' as cause,
        {{ cause }}_usd as variance_usd
    from {{ ref('int_reconciliation__quantity_causes') }}
    union all
    {% endfor %}
    select
        month,
        provider_key,
        provider_model,
        cause,
        variance_usd
    from {{ ref('int_reconciliation__other_charges') }}

),

names as (

    select
        provider_key,
        min(provider) as provider
    from {{ ref('int_reconciliation__lines') }}
    group by provider_key

)

select
    causes.month,
    coalesce(names.provider, causes.provider_key) as provider,
    causes.provider_model,
    causes.cause,
    cast(sum(causes.variance_usd) as decimal(38, 12)) as variance_usd
from causes
left join names
    on causes.provider_key = names.provider_key
group by
    causes.month, coalesce(names.provider, causes.provider_key), causes.provider_model, causes.cause
having sum(causes.variance_usd) <> 0
