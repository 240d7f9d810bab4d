-- Lines that the list price of the day does not explain, and what does: another price that the
-- vendor could have taken (int_reconciliation__other_prices), else a factor that lines of the same
-- model and key share, alone or on top of such a price. `matched_usd` is the line without the
-- factor, `listed_usd` what the day's list asks for the same count.
with lines as (

    select *
    from {{ ref('int_reconciliation__valued_lines') }}
    where is_off_list

),

tried as (

    select
        lines.charge_id,
        lines.bucket,
        lines.compared_usd,
        lines.supposed_usd,
        {{ token_cost('lines.supposed_mtok', 'other_prices.listed_per_mtok') }} as listed_usd,
        {{ token_cost('lines.supposed_mtok', 'other_prices.per_mtok') }} as matched_usd
    from lines
    inner join {{ ref('int_reconciliation__other_prices') }} as other_prices
        on
            lines.provider_key = other_prices.provider_key
            and lines.provider_model = other_prices.provider_model
            and lines.bucket = other_prices.bucket
            and lines.token_type = other_prices.token_type
            -- an input line that holds the cached tokens too holds more than the log's input
            and (
                lines.token_type <> 'input'
                or lines.per_mtok = other_prices.listed_per_mtok
                or lines.supposed_mtok > lines.logged_mtok
            )

),

at_other_price as (

    select
        charge_id,
        bucket,
        listed_usd,
        row_number() over (
            partition by charge_id, bucket
            -- one thing wrong before two, and the list before the caches
            order by
                abs(compared_usd - matched_usd),
                case
                    when listed_usd = supposed_usd then 0
                    when listed_usd = matched_usd then 1
                    else 2
                end,
                listed_usd
        ) as price_rank
    from tried
    where {{ is_same_money('compared_usd', 'matched_usd') }}

),

-- A factor of a contract outlasts a month: what has been seen on the most days is the likeliest.
factors as (

    select
        provider_key,
        provider_model,
        usage_key,
        factor,
        row_number() over (
            partition by provider_key, provider_model, usage_key
            order by count(distinct bucket) desc, sum(abs(compared_usd)) desc, factor
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
    where factor not in (0, 1)
    group by provider_key, provider_model, usage_key, factor
    having
        count(distinct bucket) >= {{ var('reconciliation_factor_days') }}
        or (max(cast(is_coarse as integer)) = 1 and count(distinct token_type) > 1)

),

factored as (

    select
        lines.charge_id,
        lines.bucket,
        tried.listed_usd,
        tried.matched_usd,
        row_number() over (
            partition by lines.charge_id, lines.bucket
            order by
                factors.factor_rank,
                case when tried.matched_usd = lines.supposed_usd then 0 else 1 end,
                case when tried.listed_usd = lines.supposed_usd then 0 else 1 end,
                tried.matched_usd, tried.listed_usd
        ) as fit_rank
    from lines
    inner join factors
        on
            lines.provider_key = factors.provider_key
            and lines.provider_model = factors.provider_model
            and lines.usage_key = factors.usage_key
    inner join (
        select
            charge_id,
            bucket,
            listed_usd,
            matched_usd
        from tried
        union all
        select
            charge_id,
            bucket,
            supposed_usd as listed_usd,
            supposed_usd as matched_usd
        from {{ ref('int_reconciliation__valued_lines') }}
    ) as tried
        on
            lines.charge_id = tried.charge_id
            and lines.bucket = tried.bucket
            and {{ is_same_money(
                'lines.compared_usd',
                'cast(tried.matched_usd as double) * cast(factors.factor as double)'
            ) }}

)

select
    lines.charge_id,
    lines.bucket,
    at_other_price.charge_id is null as has_factor,
    coalesce(at_other_price.listed_usd, factored.listed_usd) as listed_usd,
    case
        when at_other_price.charge_id is not null then lines.compared_usd
        else factored.matched_usd
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
