{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_days('gpu', 'date_day') }}"
) }}

-- GPU time per hour, GPU and workload. A sample lasts to the next one of its GPU, at most twice the
-- day's median spacing; the last one lasts the median; time nobody sampled is nobody's.
with samples as (

    select *
    from {{ ref('stg_gpu__samples') }}
    where
        true
        {{ affected_days_and_neighbours('gpu', 'date_day') }}

),

neighbours as (

    select
        *,
        lead(sampled_at) over (partition by gpu_uuid order by sampled_at) as next_at,
        lag(sampled_at) over (partition by gpu_uuid order by sampled_at) as previous_at
    from samples

),

gaps as (

    select
        *,
        {{ gap_to_next('sampled_at', 'next_at') }} as gap_us,
        coalesce(next_at = sampled_at, false) or coalesce(previous_at = sampled_at, false)
            as is_tied
    from neighbours

),

gpu_spacing as (

    select
        gpu_uuid,
        date_day,
        cast(floor(percentile_cont(0.5) within group (order by gap_us)) as bigint) as median_us
    from gaps
    where gap_us > 0
    group by gpu_uuid, date_day

),

fleet_spacing as (

    select
        date_day,
        cast(floor(percentile_cont(0.5) within group (order by median_us)) as bigint) as median_us
    from gpu_spacing
    group by date_day

),

-- Several rows of one GPU at one instant (time slicing, a sample delivered twice) share its time.
untied as (

    select
        gaps.*,
        1 as sharers
    from gaps
    where not is_tied
    union all
    select
        gaps.*
        replace (max(gap_us) over (partition by gpu_uuid, sampled_at) as gap_us),
        count(*) over (partition by gpu_uuid, sampled_at) as sharers
    from gaps
    where is_tied

),

lasting as (

    select
        untied.*,
        least(
            coalesce(nullif(untied.gap_us, 0), spacing.median_us),
            2 * spacing.median_us
        ) as lasts_us
    from untied
    left join (
        select
            days.gpu_uuid,
            days.date_day,
            coalesce(
                gpu_spacing.median_us,
                fleet_spacing.median_us,
                {{ var('lone_gpu_sample_s') * 1000000 }}
            ) as median_us
        from (
            select distinct
                gpu_uuid,
                date_day
            from samples
        ) as days
        left join gpu_spacing
            on
                days.gpu_uuid = gpu_spacing.gpu_uuid
                and days.date_day = gpu_spacing.date_day
        left join fleet_spacing
            on days.date_day = fleet_spacing.date_day
    ) as spacing
        on
            untied.gpu_uuid = spacing.gpu_uuid
            and untied.date_day = spacing.date_day

),

bounded as (

    select
        *,
        {{ plus_micros('sampled_at', 'lasts_us') }} as ends_at,
        date_trunc('hour', sampled_at) as first_hour,
        date_trunc('hour', {{ plus_micros('sampled_at', 'lasts_us - 1') }}) as last_hour
    from lasting
    where lasts_us > 0

),

by_hour as (

    select
        *,
        first_hour as hour,
        lasts_us as within_us
    from bounded
    where first_hour = last_hour
    union all
    select
        *,
        {{ micros_between(
            'greatest(sampled_at, hour)', "least(ends_at, hour + interval '1 hour')"
        ) }} as within_us
    from (
        select
            *,
            {{ each_step('first_hour', 'last_hour', '1 hour') }} as hour
        from bounded
        where first_hour < last_hour
    ) as crossing

),

spans as (

    select
        *,
        cast(hour as date) as hour_day,
        within_us // sharers as span_us
    from by_hour

)

select
    hour_day as date_day,
    hour,
    gpu_uuid,
    resource_key,
    hostname,
    accelerator,
    {{ or_unattributed('model_name') }} as model_name,
    {{ or_unattributed('model_version') }} as model_version,
    {{ or_unattributed('endpoint') }} as endpoint,
    {{ or_unattributed('team') }} as team,
    coalesce(model_name, model_version, endpoint, team) is not null as is_held,
    cast(sum(span_us) as bigint) as held_us,
    {{ weighted_mean('utilization_ratio', 'span_us') }} as utilization_ratio,
    {{ weighted_mean('sm_active_ratio', 'span_us') }} as sm_active_ratio,
    {{ weighted_mean('tensor_active_ratio', 'span_us') }} as tensor_active_ratio,
    {{ weighted_mean('memory_ratio', 'span_us') }} as memory_ratio,
    {{ weighted_mean('power_w', 'span_us') }} as power_w
from spans
where
    true
    {{ affected_days_only('gpu', 'hour_day') }}
group by
    hour_day, hour, gpu_uuid, resource_key, hostname, accelerator,
    model_name, model_version, endpoint, team
having sum(span_us) > 0
