-- Sustained tokens per second of one GPU, per series and day: measured over hours at or above the
-- utilization target where there are enough of them, else the price list's figure for that model
-- and accelerator, else for the accelerator.
with series_days as (

    select distinct
        date_day,
        model_name,
        model_version,
        endpoint,
        accelerator
    from {{ ref('int_requests__by_accelerator') }}
    where accelerator not in ('api', 'unattributed')

),

busy_hours as (

    select
        hour,
        model_name,
        model_version,
        endpoint,
        accelerator,
        sum(held_us) as held_us
    from {{ ref('int_gpu__hourly') }}
    where is_held
    group by hour, model_name, model_version, endpoint, accelerator
    having
        {{ weighted_mean('utilization_ratio', 'held_us') }}
        >= {{ var('utilization_on_target_from') }}

),

served as (

    select
        date_trunc('hour', bucket_at) as hour,
        model_name,
        model_version,
        endpoint,
        accelerator,
        sum(input_tokens + output_tokens) as tokens
    from {{ ref('int_requests__by_accelerator') }}
    group by date_trunc('hour', bucket_at), model_name, model_version, endpoint, accelerator

),

measured as (

    select
        served.model_name,
        served.model_version,
        served.endpoint,
        served.accelerator,
        cast(sum(served.tokens) as double) * 1000000 / cast(sum(busy_hours.held_us) as double)
            as tokens_per_second
    from served
    inner join busy_hours
        on
            served.hour = busy_hours.hour
            and served.model_name = busy_hours.model_name
            and served.model_version = busy_hours.model_version
            and served.endpoint = busy_hours.endpoint
            and served.accelerator = busy_hours.accelerator
    group by served.model_name, served.model_version, served.endpoint, served.accelerator
    having count(*) >= {{ var('measured_throughput_hours') }} and sum(served.tokens) > 0

),

listed as (

    select
        series_days.date_day,
        series_days.model_name,
        series_days.model_version,
        series_days.endpoint,
        series_days.accelerator,
        prices.tokens_per_second,
        prices.model_name is not null as is_of_model,
        row_number() over (
            partition by
                series_days.date_day, series_days.model_name, series_days.model_version,
                series_days.endpoint, series_days.accelerator
            order by
                case when prices.model_name is not null then 0 else 1 end asc,
                prices.valid_from desc,
                prices.provider_key asc
        ) as listing_rank
    from series_days
    inner join {{ ref('stg_prices__gpu_prices') }} as prices
        on
            lower(series_days.accelerator) = lower(prices.accelerator)
            and (prices.model_name is null or series_days.model_name = prices.model_name)
            and series_days.date_day >= prices.valid_from
            and series_days.date_day < prices.valid_before
    where prices.tokens_per_second > 0

)

select
    series_days.date_day,
    series_days.model_name,
    series_days.model_version,
    series_days.endpoint,
    series_days.accelerator,
    coalesce(measured.tokens_per_second, listed.tokens_per_second) as tokens_per_second,
    case
        when measured.tokens_per_second is not null then 'measured'
        when listed.is_of_model then 'price list, model and accelerator'
        when listed.tokens_per_second is not null then 'price list, accelerator'
        else 'unknown'
    end as throughput_basis
from series_days
left join measured
    on
        series_days.model_name = measured.model_name
        and series_days.model_version = measured.model_version
        and series_days.endpoint = measured.endpoint
        and series_days.accelerator = measured.accelerator
left join listed
    on
        series_days.date_day = listed.date_day
        and series_days.model_name = listed.model_name
        and series_days.model_version = listed.model_version
        and series_days.endpoint = listed.endpoint
        and series_days.accelerator = listed.accelerator
        and listed.listing_rank = 1
