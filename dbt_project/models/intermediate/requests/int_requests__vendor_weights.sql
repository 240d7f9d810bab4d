-- What a vendor's charge for one of its models is divided by: per day and token type, the tokens of
-- each of our workloads on that model. Charges that name no token type ('any') are divided by
-- tokens at list price (plain tokens where no price is known). Rows with provider_key '*' hold all
-- providers together, for charges of a vendor under whose name no call was logged.
with usage as (

    select
        usage.*,
        usage.input_tokens - usage.cache_read_tokens - usage.cache_creation_tokens
            as uncached_tokens,
        prices.input_per_mtok,
        prices.output_per_mtok,
        prices.cache_read_per_mtok,
        prices.cache_creation_per_mtok
    from {{ ref('int_requests__daily') }} as usage
    left join {{ ref('int_prices__as_of_day') }} as prices
        on
            usage.provider_model = prices.provider_model
            and usage.provider_key = prices.provider_key
            and usage.date_day = prices.date_day
    where
        usage.provider_model is not null
        {{ affected_days_for('int_cost__parts', 'cost', 'usage.date_day') }}

),

by_type as (

    {% for token_type, tokens in [
        ('input', 'uncached_tokens'),
        ('output', 'output_tokens'),
        ('cache_read', 'cache_read_tokens'),
        ('cache_creation', 'cache_creation_tokens'),
    ] %}
    select
        date_day,
        provider_key,
        provider_model,
        model_name,
        model_version,
        endpoint,
        team,
        '{{ token_type }}' as token_type,
        cast(greatest({{ tokens }}, 0) as decimal(18, 0)) as tokens,
        {{ 'input' if token_type == 'input' else token_type }}_per_mtok as price_per_mtok
    from usage
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

weighted as (

    select
        date_day,
        provider_key,
        provider_model,
        model_name,
        model_version,
        endpoint,
        team,
        token_type,
        cast(tokens as decimal(38, 6)) as weight
    from by_type
    union all
    select
        date_day,
        provider_key,
        provider_model,
        model_name,
        model_version,
        endpoint,
        team,
        'any' as token_type,
        -- 19 digits: DuckDB multiplies narrower decimals in 64 bits
        cast(
            tokens * coalesce(cast(price_per_mtok as decimal(19, 6)), cast(1 as decimal(19, 6)))
            as decimal(38, 6)
        ) as weight
    from by_type

)

select
    date_day,
    provider_key,
    provider_model,
    token_type,
    model_name,
    model_version,
    endpoint,
    team,
    cast(sum(weight) as decimal(38, 6)) as weight
from weighted
group by all
having sum(weight) > 0
union all
select
    date_day,
    '*' as provider_key,
    provider_model,
    token_type,
    model_name,
    model_version,
    endpoint,
    team,
    cast(sum(weight) as decimal(38, 6)) as weight
from weighted
group by all
having sum(weight) > 0
