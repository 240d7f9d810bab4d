-- What one GPU of each accelerator costs over the days that a version was used in a month, all
-- hours of them, and how many tokens per second the list says it keeps up: its line for the model,
-- else its line for any.
with lines as (

    select
        spans.month,
        spans.model_name,
        spans.model_version,
        spans.days,
        lower(prices.accelerator) as accelerator_key,
        prices.provider_key,
        prices.model_name is not null as is_of_model,
        prices.on_demand_per_hour,
        prices.reserved_1y_per_hour,
        -- of the line that holds on the last day
        case
            when prices.valid_before > spans.last_used_day and prices.tokens_per_second > 0
                then prices.tokens_per_second
        end as tokens_per_second,
        {{ days_between(
            'greatest(prices.valid_from, spans.first_used_day)',
            "least(prices.valid_before, cast(spans.last_used_day + interval '1 day' as date))"
        ) }} as price_days
    from {{ ref('int_alternatives__usage') }} as spans
    inner join {{ ref('stg_prices__gpu_prices') }} as prices
        on
            spans.model_name = coalesce(prices.model_name, spans.model_name)
            and spans.last_used_day >= prices.valid_from
            and spans.first_used_day < prices.valid_before

),

sums as (

    select
        month,
        model_name,
        model_version,
        accelerator_key,
        provider_key,
        is_of_model,
        max(tokens_per_second) as tokens_per_second
        {% for term in ['on_demand', 'reserved_1y'] %},
        -- null where a day of use has no price
        case
            when sum(case when {{ term }}_per_hour is not null then price_days end) = max(days)
                then cast(
                    sum(
                        cast({{ term }}_per_hour as decimal(24, 12))
                        * cast(24 * price_days as decimal(13, 0))
                    ) as decimal(38, 12)
                )
        end as {{ term }}_usd
        {% endfor %}
    from lines
    group by
        month, model_name, model_version, accelerator_key, provider_key, is_of_model

)

select
    month,
    model_name,
    model_version,
    accelerator_key,
    provider_key,
    {% for column in ['on_demand_usd', 'reserved_1y_usd', 'tokens_per_second'] %}
    coalesce(
        max(case when is_of_model then {{ column }} end),
        max(case when not is_of_model then {{ column }} end)
    ) as {{ column }},
    {% endfor %}
    case
        when max(case when is_of_model then tokens_per_second end) is not null
            then 'price list, model and accelerator'
        when max(tokens_per_second) is not null then 'price list, accelerator'
        else 'unknown'
    end as throughput_source
from sums
group by month, model_name, model_version, accelerator_key, provider_key
