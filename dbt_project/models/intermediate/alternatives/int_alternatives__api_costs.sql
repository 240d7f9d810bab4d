{% set kinds = ['input', 'output', 'cache_read', 'cache_creation'] %}

-- What a month's usage of each version would cost at each vendor's price list: tokens of each kind
-- x price as of the day. The cheapest provider that lists a model speaks for it.
with price_changes as (

    select distinct valid_from
    from {{ ref('stg_prices__token_prices') }}

),

-- between two changes of any price, days need not be told apart
priced_days as (

    select
        days.date_day,
        max(price_changes.valid_from) as priced_on
    from (
        select distinct date_day
        from {{ ref('int_requests__daily') }}
    ) as days
    left join price_changes
        on days.date_day >= price_changes.valid_from
    group by days.date_day

),

stretches as (

    select
        spans.month,
        spans.model_name,
        spans.model_version,
        priced_days.priced_on,
        sum(
            greatest(
                usage.input_tokens - usage.cache_read_tokens - usage.cache_creation_tokens, 0
            )
        ) as input_tokens,
        sum(usage.output_tokens) as output_tokens,
        sum(usage.cache_read_tokens) as cache_read_tokens,
        sum(usage.cache_creation_tokens) as cache_creation_tokens
    from {{ ref('int_requests__daily') }} as usage
    inner join {{ ref('int_alternatives__usage') }} as spans
        on
            usage.model_name = spans.model_name
            and usage.model_version = spans.model_version
            and usage.date_day between spans.first_used_day and spans.last_used_day
    inner join priced_days
        on usage.date_day = priced_days.date_day
    group by spans.month, spans.model_name, spans.model_version, priced_days.priced_on

),

counted as (

    select
        *,
        count(*) over (partition by month, model_name, model_version) as all_stretches
    from stretches

),

costs as (

    select
        counted.month,
        counted.model_name,
        counted.model_version,
        prices.provider_key,
        prices.provider_model,
        -- null where the model was not yet listed on a day of use
        case
            when count(*) = max(counted.all_stretches) then cast(
                sum(
                    {% for kind in kinds %}
                    cast(counted.{{ kind }}_tokens as decimal(19, 0)) * cast(
                        cast(prices.{{ kind }}_per_mtok as decimal(18, 6))
                        * cast(0.000001 as decimal(7, 6)) as decimal(19, 12)
                    )
                    {{- ' +' if not loop.last }}
                    {% endfor %}
                ) as decimal(38, 12)
            )
        end as cost_usd
    from counted
    inner join {{ ref('stg_prices__token_prices') }} as prices
        on
            counted.priced_on >= prices.valid_from
            and counted.priced_on < prices.valid_before
    where prices.provider_model is not null
    group by
        counted.month, counted.model_name, counted.model_version, prices.provider_key,
        prices.provider_model

),

ranked as (

    select
        *,
        row_number() over (
            partition by month, model_name, model_version, provider_model
            order by case when cost_usd is null then 1 else 0 end, cost_usd, provider_key
        ) as cost_rank
    from costs

)

select
    month,
    model_name,
    model_version,
    provider_model,
    provider_key,
    cost_usd
from ranked
where cost_rank = 1
