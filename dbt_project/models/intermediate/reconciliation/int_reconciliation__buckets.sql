{% set types = ['input', 'output', 'cache_read', 'cache_creation'] %}

-- Where invoice and log are laid side by side: a vendor's model on a day; the whole month where a
-- charge lasts longer than a day, since nobody knows which of its days its tokens belong to. Holds
-- what the log says of each token type and the list price that both sides are valued at.
with model_months as (

    select
        cast(date_trunc('month', date_day) as date) as month,
        provider_key,
        provider_model,
        max(case when token_type = 'any' then 1 else 0 end) = 1 as is_untyped,
        max(case when spans_days then 1 else 0 end) = 1 as is_coarse
    from {{ ref('int_reconciliation__lines') }}
    where
        provider_model is not null
        and line_kind = 'usage'
    group by date_trunc('month', date_day), provider_key, provider_model

),

model_days as (

    select
        date_day,
        cast(date_trunc('month', date_day) as date) as month,
        provider_key,
        provider_model
    from {{ ref('int_reconciliation__lines') }}
    where
        provider_model is not null
        and line_kind = 'usage'
    union
    select
        date_day,
        month,
        provider_key,
        provider_model
    from {{ ref('int_reconciliation__usage') }}

),

buckets as (

    select
        days.month,
        days.provider_key,
        days.provider_model,
        case when model_months.is_coarse then days.month else days.date_day end as bucket,
        coalesce(model_months.is_untyped, false) as is_untyped,
        coalesce(model_months.is_coarse, false) as is_coarse,
        min(days.date_day) as price_day,
        min(usage.logged_provider_key) as logged_provider_key,
        {% for type in types %}
        cast(coalesce(sum(usage.{{ type }}_mtok), 0) as decimal(38, 12)) as {{ type }}_mtok,
        cast(coalesce(sum(usage.{{ type }}_estimated_usd), 0) as decimal(38, 12))
            as {{ type }}_estimated_usd{{ ',' if not loop.last }}
        {% endfor %}
    from model_days as days
    left join model_months
        on
            days.month = model_months.month
            and days.provider_key = model_months.provider_key
            and days.provider_model = model_months.provider_model
    left join {{ ref('int_reconciliation__usage') }} as usage
        on
            days.date_day = usage.date_day
            and days.provider_key = usage.provider_key
            and days.provider_model = usage.provider_model
    group by
        days.month, days.provider_key, days.provider_model,
        case when model_months.is_coarse then days.month else days.date_day end,
        model_months.is_untyped, model_months.is_coarse

),

totals as (

    select
        *,
        input_mtok + output_mtok + cache_read_mtok + cache_creation_mtok as total_mtok,
        input_estimated_usd + output_estimated_usd + cache_read_estimated_usd
        + cache_creation_estimated_usd as estimated_usd,
        -- a day that the log is silent on is valued at the prices of the vendor the month's calls
        -- name
        min(logged_provider_key) over (partition by month, provider_key, provider_model)
            as priced_as_key
    from buckets

),

listed as (

    select
        totals.provider_key,
        totals.provider_model,
        totals.bucket,
        prices.provider_key as price_provider_key,
        {% for type in types %}
        prices.{{ type }}_per_mtok,
        {% endfor %}
        row_number() over (
            partition by totals.provider_key, totals.provider_model, totals.bucket
            order by
                case
                    when prices.provider_key = totals.priced_as_key then 0
                    when prices.provider_key = totals.provider_key then 1
                    else 2
                end,
                prices.provider_key
        ) as listing_rank
    from totals
    inner join {{ ref('stg_prices__token_prices') }} as prices
        on
            totals.provider_model = prices.provider_model
            and totals.price_day >= prices.valid_from
            and totals.price_day < prices.valid_before

)

select
    totals.month,
    totals.provider_key,
    totals.provider_model,
    totals.bucket,
    totals.is_untyped,
    totals.is_coarse,
    listed.price_provider_key,
    totals.total_mtok,
    cast(totals.estimated_usd as decimal(38, 12)) as estimated_usd,
    {% for type in types %}
    totals.{{ type }}_mtok,
    totals.{{ type }}_estimated_usd,
    -- over a month in which the price changed, the mean that the log paid
    case
        when totals.is_coarse and totals.{{ type }}_mtok > 0
            then {{ decimal_ratio(
                'totals.' ~ type ~ '_estimated_usd', 'totals.' ~ type ~ '_mtok'
            ) }}
        else listed.{{ type }}_per_mtok
    end as {{ type }}_per_mtok,
    {% endfor %}
    -- what a token of no named type costs: the day's mix, else the month's
    coalesce(
        {{ decimal_ratio('totals.estimated_usd', 'totals.total_mtok') }},
        case
            when listed.price_provider_key is not null
                then {{ decimal_ratio(
                    'sum(totals.estimated_usd) over month', 'sum(totals.total_mtok) over month'
                ) }}
        end
    ) as any_per_mtok
from totals
left join listed
    on
        totals.provider_key = listed.provider_key
        and totals.provider_model = listed.provider_model
        and totals.bucket = listed.bucket
        and listed.listing_rank = 1
window month as (
    partition by totals.month, totals.provider_key, totals.provider_model
)
