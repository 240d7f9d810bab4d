{{ config(materialized='view') }}

{% set types = ['input', 'output', 'cache_read', 'cache_creation'] %}

-- Unit prices that a vendor could have charged by mistake or by habit: the model's earlier and later
-- list prices, and cached tokens at the price of input tokens, on a line of their own, inside an input
-- line, or inside a line of no type (instead of their price, on top of it, or not at all).
{% for type in types %}
select distinct
    buckets.provider_key,
    buckets.provider_model,
    buckets.bucket,
    'stale_price' as cause,
    '{{ type }}' as token_type,
    prices.{{ type }}_per_mtok as per_mtok
from {{ ref('int_reconciliation__buckets') }} as buckets
inner join {{ ref('stg_prices__token_prices') }} as prices
    on
        buckets.provider_model = prices.provider_model
        and buckets.price_provider_key = prices.provider_key
where
    not buckets.is_untyped
    and prices.{{ type }}_per_mtok <> buckets.{{ type }}_per_mtok
union all
{% endfor %}
select distinct
    buckets.provider_key,
    buckets.provider_model,
    buckets.bucket,
    'stale_price' as cause,
    'any' as token_type,
    {{ decimal_ratio(
        'buckets.input_mtok * cast(prices.input_per_mtok as double)'
        ~ ' + buckets.output_mtok * cast(prices.output_per_mtok as double)'
        ~ ' + buckets.cache_read_mtok * cast(prices.cache_read_per_mtok as double)'
        ~ ' + buckets.cache_creation_mtok * cast(prices.cache_creation_per_mtok as double)',
        'buckets.total_mtok'
    ) }} as per_mtok
from {{ ref('int_reconciliation__buckets') }} as buckets
inner join {{ ref('stg_prices__token_prices') }} as prices
    on
        buckets.provider_model = prices.provider_model
        and buckets.price_provider_key = prices.provider_key
where buckets.is_untyped
-- cached tokens at the input price: on their own line, or inside a line of no type
{% for type in ['cache_read', 'cache_creation'] %}
union all
select
    provider_key,
    provider_model,
    bucket,
    'cache_tokens' as cause,
    '{{ type }}' as token_type,
    input_per_mtok as per_mtok
from {{ ref('int_reconciliation__buckets') }}
where not is_untyped
{% endfor %}
{% for token_type, counted, extra in [
    ('input', 'input_mtok + cache_read_mtok + cache_creation_mtok', 'input_estimated_usd'
        ~ ' + cache_read_estimated_usd + cache_creation_estimated_usd'),
    ('any', 'total_mtok', 'estimated_usd - cache_read_estimated_usd'
        ~ ' - cache_creation_estimated_usd'
        ~ ' + (cache_read_mtok + cache_creation_mtok) * cast(input_per_mtok as double)'),
    ('any', 'total_mtok', 'estimated_usd'
        ~ ' + (cache_read_mtok + cache_creation_mtok) * cast(input_per_mtok as double)'),
    ('any', 'total_mtok', 'estimated_usd'
        ~ ' + cache_read_mtok * cast(input_per_mtok as double)'),
    ('any', 'total_mtok', 'estimated_usd - cache_read_estimated_usd'
        ~ ' - cache_creation_estimated_usd'),
    ('any', 'total_mtok', 'estimated_usd - cache_read_estimated_usd'),
] %}
union all
select
    provider_key,
    provider_model,
    bucket,
    'cache_tokens' as cause,
    '{{ token_type }}' as token_type,
    {{ decimal_ratio(extra, counted) }} as per_mtok
from {{ ref('int_reconciliation__buckets') }}
where
    cache_read_mtok + cache_creation_mtok > 0
    and {{ 'is_untyped' if token_type == 'any' else 'not is_untyped' }}
{% endfor %}
