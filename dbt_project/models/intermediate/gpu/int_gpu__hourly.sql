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
        {{ affected_days_and_neighbours('gpu', 'date_day', 'sampled_at') }}

),

-- Names are few and samples are many: from here on a sample carries numbers, which sort and group
-- in a fraction of the memory.
names as (

    select
        *,
        row_number() over (order by gpu_uuid) as name_id,
        dense_rank() over (order by gpu_uuid) as gpu_id
    from (
        select distinct
            gpu_uuid,
            resource_key,
            hostname,
            accelerator,
            model_name,
            model_version,
            endpoint,
            team
        from samples
    ) as listed

),

measured as (

    select
        cast(names.gpu_id as integer) as gpu_id,
        cast(names.name_id as integer) as name_id,
        samples.sampled_at,
        samples.utilization_ratio,
        samples.sm_active_ratio,
        samples.tensor_active_ratio,
        samples.memory_ratio,
        samples.power_w
    from samples
    inner join names
        on
            samples.gpu_uuid = names.gpu_uuid
            and samples.resource_key is not distinct from names.resource_key
            and samples.hostname is not distinct from names.hostname
            and samples.accelerator is not distinct from names.accelerator
            and samples.model_name is not distinct from names.model_name
            and samples.model_version is not distinct from names.model_version
            and samples.endpoint is not distinct from names.endpoint
            and samples.team is not distinct from names.team

),

neighbours as (

    select
        *,
        lead(sampled_at) over (partition by gpu_id order by sampled_at) as next_at,
        lag(sampled_at) over (partition by gpu_id order by sampled_at) as previous_at
    from measured

),

gaps as (

    select
        gpu_id,
        name_id,
        sampled_at,
        cast(sampled_at as date) as date_day,
        utilization_ratio,
        sm_active_ratio,
        tensor_active_ratio,
        memory_ratio,
        power_w,
        {{ gap_to_next('sampled_at', 'next_at') }} as gap_us,
        coalesce(next_at = sampled_at, false) or coalesce(previous_at = sampled_at, false)
            as is_tied
    from neighbours

),

-- Gaps have few lengths: counting them finds the median without keeping every one.
gap_counts as (

    select
        gpu_id,
        date_day,
        gap_us,
        count(*) as gaps
    from gaps
    where gap_us > 0
    group by gpu_id, date_day, gap_us

),

gap_ranks as (

    select
        gpu_id,
        date_day,
        gap_us,
        sum(gaps) over (partition by gpu_id, date_day order by gap_us) as rank_to,
        sum(gaps) over (partition by gpu_id, date_day order by gap_us) - gaps as rank_before,
        sum(gaps) over (partition by gpu_id, date_day) as all_gaps
    from gap_counts

),

gpu_spacing as (

    select
        gpu_id,
        date_day,
        -- the middle one, or the mean of the two in the middle
        cast(
            floor(
                (
                    min(case when rank_to * 2 >= all_gaps then gap_us end)
                    + max(case when rank_before * 2 <= all_gaps then gap_us end)
                ) / 2.0
            ) as bigint
        ) as median_us
    from gap_ranks
    group by gpu_id, date_day

),

fleet_spacing as (

    select
        date_day,
        cast(floor(percentile_cont(0.5) within group (order by median_us)) as bigint) as median_us
    from gpu_spacing
    group by date_day

),

spacing as (

    select
        days.gpu_id,
        days.date_day,
        coalesce(
            gpu_spacing.median_us,
            fleet_spacing.median_us,
            {{ var('lone_gpu_sample_s') * 1000000 }}
        ) as median_us
    from (
        select distinct
            gpu_id,
            date_day
        from gaps
    ) as days
    left join gpu_spacing
        on
            days.gpu_id = gpu_spacing.gpu_id
            and days.date_day = gpu_spacing.date_day
    left join fleet_spacing
        on days.date_day = fleet_spacing.date_day

),

-- Several rows of one GPU at one instant (time slicing, a sample delivered twice) share its time.
ties as (

    select
        gpu_id,
        sampled_at,
        max(gap_us) as gap_us,
        count(*) as sharers
    from gaps
    where is_tied
    group by gpu_id, sampled_at

),

lasting as (

    select
        gaps.*,
        coalesce(ties.sharers, 1) as sharers,
        least(
            coalesce(nullif(coalesce(ties.gap_us, gaps.gap_us), 0), spacing.median_us),
            2 * spacing.median_us
        ) as lasts_us
    from gaps
    inner join spacing
        on
            gaps.gpu_id = spacing.gpu_id
            and gaps.date_day = spacing.date_day
    left join ties
        on
            gaps.gpu_id = ties.gpu_id
            and gaps.sampled_at = ties.sampled_at

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
        name_id,
        first_hour as hour,
        lasts_us // sharers as span_us,
        utilization_ratio,
        sm_active_ratio,
        tensor_active_ratio,
        memory_ratio,
        power_w
    from bounded
    where first_hour = last_hour
    union all
    select
        name_id,
        hour,
        {{ micros_between(
            'greatest(sampled_at, hour)', "least(ends_at, hour + interval '1 hour')"
        ) }} // sharers as span_us,
        utilization_ratio,
        sm_active_ratio,
        tensor_active_ratio,
        memory_ratio,
        power_w
    from (
        select
            *,
            {{ each_step('first_hour', 'last_hour', '1 hour') }} as hour
        from bounded
        where first_hour < last_hour
    ) as crossing

),

held as (

    select
        name_id,
        hour,
        cast(sum(span_us) as bigint) as held_us,
        {% for measure in [
            'utilization_ratio', 'sm_active_ratio', 'tensor_active_ratio', 'memory_ratio', 'power_w'
        ] %}
        {{ weighted_mean(measure, 'span_us') }} as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from by_hour
    where
        true
        {{ affected_days_only('gpu', 'cast(hour as date)') }}
    group by name_id, hour
    having sum(span_us) > 0

)

select
    cast(held.hour as date) as date_day,
    held.hour,
    names.gpu_uuid,
    names.resource_key,
    names.hostname,
    names.accelerator,
    {{ or_unattributed('names.model_name') }} as model_name,
    {{ or_unattributed('names.model_version') }} as model_version,
    {{ or_unattributed('names.endpoint') }} as endpoint,
    {{ or_unattributed('names.team') }} as team,
    coalesce(names.model_name, names.model_version, names.endpoint, names.team) is not null
        as is_held,
    held.held_us,
    held.utilization_ratio,
    held.sm_active_ratio,
    held.tensor_active_ratio,
    held.memory_ratio,
    held.power_w
from held
inner join names
    on held.name_id = names.name_id
