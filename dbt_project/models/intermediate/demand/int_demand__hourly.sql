-- Demand of each series and of each accelerator in the hours that saw any. GPUs required are those
-- of the hour's busiest 5 minutes; a total's busiest 5 minutes are its own, not the sum of its
-- series'.
with buckets as (

    select
        usage.bucket_at,
        date_trunc('hour', usage.bucket_at) as ds,
        concat(
            usage.model_name, '/', usage.model_version, '/', usage.endpoint, '/', usage.accelerator
        ) as series_id,
        concat('accelerator:', usage.accelerator) as total_id,
        usage.requests,
        usage.input_tokens + usage.output_tokens as tokens,
        usage.queue_s_total,
        throughput.tokens_per_second,
        throughput.throughput_basis,
        (usage.input_tokens + usage.output_tokens) / 300.0 / throughput.tokens_per_second as gpus
    from {{ ref('int_requests__by_accelerator') }} as usage
    left join {{ ref('int_demand__throughput') }} as throughput
        on
            usage.date_day = throughput.date_day
            and usage.model_name = throughput.model_name
            and usage.model_version = throughput.model_version
            and usage.endpoint = throughput.endpoint
            and usage.accelerator = throughput.accelerator

),

total_buckets as (

    select
        total_id as unique_id,
        ds,
        bucket_at,
        sum(requests) as requests,
        sum(tokens) as tokens,
        sum(queue_s_total) as queue_s_total,
        sum(cast(gpus as decimal(28, 12))) as gpus
    from buckets
    group by total_id, ds, bucket_at

)

select
    series_id as unique_id,
    ds,
    cast(sum(requests) as bigint) as requests,
    cast(sum(tokens) as bigint) as tokens,
    cast(max(gpus) as double) as gpus_required,
    cast(sum(queue_s_total) as double) / nullif(cast(sum(requests) as double), 0) as queue_s,
    max(tokens_per_second) as tokens_per_second_per_gpu,
    max(throughput_basis) as throughput_basis
from buckets
group by series_id, ds
union all
select
    unique_id,
    ds,
    cast(sum(requests) as bigint) as requests,
    cast(sum(tokens) as bigint) as tokens,
    cast(max(gpus) as double) as gpus_required,
    cast(sum(queue_s_total) as double) / nullif(cast(sum(requests) as double), 0) as queue_s,
    cast(null as double) as tokens_per_second_per_gpu,
    cast(null as varchar) as throughput_basis
from total_buckets
group by unique_id, ds
