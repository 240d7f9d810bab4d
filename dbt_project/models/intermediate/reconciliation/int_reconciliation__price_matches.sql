-- Lines that the list price of the day does not explain, and the one thing that does: another price
-- that the vendor could have taken (int_reconciliation__other_prices), else a factor that the model's
-- lines of the month share, alone or on top of such a price. `matched_usd` is the line without the factor.
with lines as (

    select *
    from {{ ref('int_reconciliation__valued_lines') }}
    where is_off_list

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
            lines.provider_key = other_prices.provider_key
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
            abs(lines.supposed_usd) >= 0.01
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
            lines.month = factors.month
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
    ) as tried
        on
            lines.charge_id = tried.charge_id
            and lines.bucket = tried.bucket
            and {{ is_same_money(
                'lines.compared_usd',
                'cast(tried.other_usd as double) * cast(factors.factor as double)'
            ) }}

)

select
    lines.charge_id,
    lines.bucket,
    coalesce(at_other_price.cause, factored.cause, 'tier_or_discount') as cause,
    case
        when at_other_price.charge_id is not null then lines.compared_usd
        else factored.other_usd
    end as matched_usd
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
where coalesce(at_other_price.charge_id, factored.charge_id) is not null
