-- Why an invoiced line does not cost its tokens at the list price of the day. In this order: the list
-- price does explain it; another price that the vendor could have taken does (an earlier or later list
-- price, or a cached token at the price of an input token); a factor that the model's lines of the
-- month share does, alone or on top of such a price; the line is in another currency and near. Parts
-- add up to the line exactly: billed = value_usd + the causes.
with lines as (

    select
        *,
        not lacks_rate
        and not {{ is_same_money('compared_usd', 'supposed_usd') }} as is_off_list
    from {{ ref('int_reconciliation__valued_lines') }}

),

tried as (

    select
        lines.charge_id,
        lines.bucket,
        lines.month,
        lines.provider_key,
        lines.provider_model,
        lines.usage_key,
        lines.compared_usd,
        other_prices.cause,
        {{ token_cost('lines.supposed_mtok', 'other_prices.per_mtok') }} as other_usd
    from lines
    inner join {{ ref('int_reconciliation__other_prices') }} as other_prices
        on
            lines.is_off_list
            and lines.provider_key = other_prices.provider_key
            and lines.provider_model = other_prices.provider_model
            and lines.bucket = other_prices.bucket
            and lines.token_type = other_prices.token_type

),

at_other_price as (

    select
        charge_id,
        bucket,
        cause,
        other_usd,
        row_number() over (
            partition by charge_id, bucket
            order by abs(compared_usd - other_usd), cause desc, other_usd
        ) as price_rank
    from tried
    where {{ is_same_money('compared_usd', 'other_usd') }}

),

factors as (

    select
        month,
        provider_key,
        provider_model,
        usage_key,
        factor,
        row_number() over (
            partition by month, provider_key, provider_model, usage_key
            order by sum(abs(compared_usd)) desc, factor
        ) as factor_rank
    from (
        select
            lines.*,
            cast({{ decimal_ratio('lines.compared_usd', 'lines.supposed_usd') }} as decimal(18, 3))
                as factor
        from lines
        left join at_other_price
            on
                lines.charge_id = at_other_price.charge_id
                and lines.bucket = at_other_price.bucket
        where
            lines.is_off_list
            and lines.supposed_usd <> 0
            and at_other_price.charge_id is null
    ) as ratios
    where factor <> 1
    group by month, provider_key, provider_model, usage_key, factor
    having
        count(distinct bucket) >= {{ var('reconciliation_factor_days') }}
        or (max(cast(is_coarse as integer)) = 1 and count(distinct token_type) > 1)

),

-- a factor alone, and on top of another price; what fits best first
factored as (

    select
        lines.charge_id,
        lines.bucket,
        tried.cause,
        tried.other_usd,
        row_number() over (
            partition by lines.charge_id, lines.bucket
            order by
                case when tried.cause is null then 0 else 1 end, factors.factor_rank,
                tried.cause desc, tried.other_usd
        ) as fit_rank
    from lines
    inner join factors
        on
            lines.is_off_list
            and lines.month = factors.month
            and lines.provider_key = factors.provider_key
            and lines.provider_model = factors.provider_model
            and lines.usage_key = factors.usage_key
    inner join (
        select
            charge_id,
            bucket,
            cause,
            other_usd
        from tried
        union all
        select
            charge_id,
            bucket,
            cast(null as varchar) as cause,
            supposed_usd as other_usd
        from lines
        where is_off_list
    ) as tried
        on
            lines.charge_id = tried.charge_id
            and lines.bucket = tried.bucket
            and {{ is_same_money(
                'lines.compared_usd',
                'cast(tried.other_usd as double) * cast(factors.factor as double)'
            ) }}

),

judged as (

    select
        lines.*,
        case
            when lines.lacks_rate then 'currency'
            when lines.supposed_usd is null and not lines.is_listed then 'no_price'
            when lines.supposed_usd is null then 'quantity'
            when not lines.is_off_list then 'unexplained'
            when at_other_price.cause is not null then at_other_price.cause
            when factored.charge_id is not null then coalesce(factored.cause, 'tier_or_discount')
            when lines.is_named_tier and lines.is_counted then 'tier_or_discount'
            when
                lines.billing_currency <> 'USD' and lines.is_counted
                and abs(cast(lines.compared_usd as double) - cast(lines.supposed_usd as double))
                <= abs(cast(lines.supposed_usd as double)) * {{ var('reconciliation_rate_ratio') }}
                then 'currency'
            when not lines.is_counted and lines.per_mtok > 0 then 'quantity'
            else 'unexplained'
        end as cause,
        -- what the factor came on top of
        case
            when at_other_price.charge_id is null and factored.cause is not null
                then factored.other_usd
        end as factored_usd
    from lines
    left join at_other_price
        on
            lines.charge_id = at_other_price.charge_id
            and lines.bucket = at_other_price.bucket
            and at_other_price.price_rank = 1
    left join factored
        on
            lines.charge_id = factored.charge_id
            and lines.bucket = factored.bucket
            and factored.fit_rank = 1

),

valued as (

    select
        *,
        case
            when cause = 'quantity' then compared_usd
            else coalesce(supposed_usd, 0)
        end as value_usd
    from judged

)

select
    month,
    provider_key,
    provider_model,
    bucket,
    charge_id,
    usage_key,
    token_type,
    billed_usd,
    value_usd,
    case
        when cause = 'quantity' then {{ decimal_ratio('compared_usd', 'per_mtok') }}
        else supposed_mtok
    end as mtok,
    case when lacks_rate then 0 else prepaid_usd end as prepaid_usd,
    case when lacks_rate then 0 else discount_usd end
    + case
        when lacks_rate then 0
        when factored_usd is not null then compared_usd - factored_usd
        when cause = 'tier_or_discount' then compared_usd - value_usd
        else 0
    end as tier_or_discount_usd,
    {% for other in ['stale_price', 'cache_tokens'] %}
    case
        when cause = '{{ other }}' then coalesce(factored_usd, compared_usd) - value_usd
        else 0
    end as {{ other }}_usd,
    {% endfor %}
    case
        when lacks_rate then billed_usd - value_usd
        when cause = 'currency' then compared_usd - value_usd
        else 0
    end as currency_usd,
    {% for other in ['no_price', 'unexplained'] %}
    case when cause = '{{ other }}' then compared_usd - value_usd else 0 end as {{ other }}_usd
    {{- ',' if not loop.last }}
    {% endfor %}
from valued
