{{ config(materialized='view') }}

{% set types = ['input', 'output', 'cache_read', 'cache_creation'] %}

-- What a vendor could have charged a million tokens of a bucket by mistake or by habit: an earlier
-- or later list price, cached tokens at the price of input tokens, or both. `listed_per_mtok` is
-- what the day's list asks for tokens counted as the vendor counted them, so that listed less list
-- price is the caches' part, and the rest that of the list that was used.
with listings as (

    select distinct
        buckets.provider_key,
        buckets.provider_model,
        buckets.bucket,
        {% for type in types %}
        prices.{{ type }}_per_mtok{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_reconciliation__buckets') }} as buckets
    inner join {{ ref('stg_prices__token_prices') }} as prices
        on
            buckets.provider_model = prices.provider_model
            and buckets.price_provider_key = prices.provider_key

),

-- the tokens that a unit price is of, as a sum over types
{% set mix = 'buckets.input_mtok * cast({0}.input_per_mtok as double)'
    ~ ' + buckets.output_mtok * cast({0}.output_per_mtok as double)'
    ~ ' + buckets.cache_read_mtok * cast({0}.cache_read_per_mtok as double)'
    ~ ' + buckets.cache_creation_mtok * cast({0}.cache_creation_per_mtok as double)' %}
{% set read = 'buckets.cache_read_mtok * cast({0}.cache_read_per_mtok as double)' %}
{% set created = 'buckets.cache_creation_mtok * cast({0}.cache_creation_per_mtok as double)' %}
{% set read_as_input = 'buckets.cache_read_mtok * cast({0}.input_per_mtok as double)' %}
{% set created_as_input = 'buckets.cache_creation_mtok * cast({0}.input_per_mtok as double)' %}
{% set any_ways = [
    (mix, ''),
    (mix ~ ' - ' ~ read ~ ' + ' ~ read_as_input, ''),
    (mix ~ ' - ' ~ read ~ ' - ' ~ created ~ ' + ' ~ read_as_input ~ ' + ' ~ created_as_input, ''),
    (mix ~ ' + ' ~ read_as_input, ' + buckets.cache_read_mtok'),
    (mix ~ ' + ' ~ read_as_input ~ ' + ' ~ created_as_input,
        ' + buckets.cache_read_mtok + buckets.cache_creation_mtok'),
    (mix ~ ' - ' ~ read, ' - buckets.cache_read_mtok'),
    (mix ~ ' - ' ~ read ~ ' - ' ~ created,
        ' - buckets.cache_read_mtok - buckets.cache_creation_mtok'),
] %}
ways as (

    {% for type in types %}
    select
        buckets.provider_key,
        buckets.provider_model,
        buckets.bucket,
        '{{ type }}' as token_type,
        buckets.{{ type }}_per_mtok as listed_per_mtok,
        listings.{{ type }}_per_mtok as per_mtok
    from {{ ref('int_reconciliation__buckets') }} as buckets
    inner join listings
        on
            buckets.provider_key = listings.provider_key
            and buckets.provider_model = listings.provider_model
            and buckets.bucket = listings.bucket
    where not buckets.is_untyped
    union all
    {% endfor %}
    {% for type in ['cache_read', 'cache_creation'] %}
    select
        buckets.provider_key,
        buckets.provider_model,
        buckets.bucket,
        '{{ type }}' as token_type,
        buckets.input_per_mtok as listed_per_mtok,
        listings.input_per_mtok as per_mtok
    from {{ ref('int_reconciliation__buckets') }} as buckets
    inner join listings
        on
            buckets.provider_key = listings.provider_key
            and buckets.provider_model = listings.provider_model
            and buckets.bucket = listings.bucket
    where not buckets.is_untyped
    union all
    {% endfor %}
    -- an input line that holds the cached tokens at their own price
    select
        provider_key,
        provider_model,
        bucket,
        'input' as token_type,
        {% for column in ['listed_per_mtok', 'per_mtok'] %}
        {{ decimal_ratio(
            'input_estimated_usd + cache_read_estimated_usd + cache_creation_estimated_usd',
            'input_mtok + cache_read_mtok + cache_creation_mtok'
        ) }} as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_reconciliation__buckets') }}
    where not is_untyped
    {% for way, counted in any_ways %}
    union all
    select
        buckets.provider_key,
        buckets.provider_model,
        buckets.bucket,
        'any' as token_type,
        {% set count = '(buckets.total_mtok' ~ counted ~ ')' %}
        {{ decimal_ratio(way.replace('{0}', 'buckets'), count) }} as listed_per_mtok,
        {{ decimal_ratio(way.replace('{0}', 'listings'), count) }} as per_mtok
    from {{ ref('int_reconciliation__buckets') }} as buckets
    inner join listings
        on
            buckets.provider_key = listings.provider_key
            and buckets.provider_model = listings.provider_model
            and buckets.bucket = listings.bucket
    where buckets.is_untyped
    {% endfor %}

)

select
    provider_key,
    provider_model,
    bucket,
    token_type,
    listed_per_mtok,
    per_mtok
from ways
where per_mtok is not null
