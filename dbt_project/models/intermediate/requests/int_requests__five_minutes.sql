{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_days('requests', 'date_day') }}"
) }}

{% set reporter = [
    'provider_key', 'request_model', 'response_model', 'model_name', 'model_version', 'endpoint', 'team', 'feature',
    'accelerator',
] %}
{% set series = reporter + ['is_successful'] %}
{% set counts = [
    'requests', 'input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_creation_tokens',
] %}

-- Calls and tokens per 5 minutes. A single call stands at its timestamp; a pre-aggregated row
-- spreads evenly up to the next row of its series (a longer silence than twice the usual spacing is
-- silence: the row then lasts the usual spacing). Rows of one moment last alike: failed calls are
-- counted beside the good ones, not in a rhythm of their own. Whole calls and tokens, and their
-- sums are kept.
with requests as (

    select
        requests.*,
        coalesce(aliases.canonical, requests.provider_name, 'unattributed') as provider_key,
        coalesce(
            requests.status in ('ok', 'success', 'succeeded', 'completed', 'complete', 'stop')
            or requests.status like '2__',
            true
        ) as is_successful
    from {{ ref('stg_llm__requests') }} as requests
    left join {{ ref('name_aliases') }} as aliases
        on
            requests.provider_name = aliases.alias
            and aliases.kind = 'provider'
    where
        true
        {{ affected_days_and_neighbours(
            'requests', 'requests.date_day', 'requests.requested_at'
        ) }}

),

single_calls as (

    select
        {{ series | join(', ') }},
        {{ counts | join(', ') }},
        duration_s * requests as duration_s_total,
        queue_s * requests as queue_s_total,
        {{ five_minutes_of('requested_at') }} as bucket_at
    from requests
    where requests = 1

),

grouped_neighbours as (

    select
        *,
        min(requested_at) over (
            partition by {{ reporter | join(', ') }}
            order by requested_at
            range between interval '1 microsecond' following and unbounded following
        ) as next_at,
        max(requested_at) over (
            partition by {{ reporter | join(', ') }}
            order by requested_at
            range between unbounded preceding and interval '1 microsecond' preceding
        ) as previous_at
    from requests
    where requests <> 1

),

grouped_gaps as (

    select
        *,
        {{ gap_to_next('requested_at', 'next_at') }} as gap_us,
        case
            when cast(previous_at as date) >= date_day - interval '1 day'
                then {{ micros_between('previous_at', 'requested_at') }}
        end as gap_before_us
    from grouped_neighbours

),

grouped_spacing as (

    select
        *,
        coalesce(
            cast(floor(quantile_cont(gap_us, 0.5) over (
                partition by {{ reporter | join(', ') }}, date_day
            )) as bigint),
            gap_before_us,
            {{ var('lone_request_row_s') * 1000000 }}
        ) as spacing_us
    from grouped_gaps

),

grouped_lasting as (

    select
        *,
        case
            when gap_us > 0 and gap_us < 2 * spacing_us then gap_us
            when gap_us > 0 then spacing_us
            -- the last row does not reach into an hour, or a day, that no row speaks of
            else least(
                spacing_us,
                case
                    when spacing_us <= 3600000000
                        then {{ micros_between(
                            'requested_at', "date_trunc('hour', requested_at) + interval '1 hour'"
                        ) }}
                    else {{ micros_between(
                        'requested_at', "date_trunc('day', requested_at) + interval '1 day'"
                    ) }}
                end
            )
        end as lasts_us
    from grouped_spacing
    where requests > 0 or input_tokens > 0 or output_tokens > 0

),

grouped_buckets as (

    select
        *,
        {{ each_step(
            five_minutes_of('requested_at'),
            five_minutes_of(plus_micros('requested_at', 'lasts_us - 1')),
            '5 minutes'
        ) }} as bucket_at
    from grouped_lasting

),

grouped_bounds as (

    select
        *,
        greatest({{ micros_between('requested_at', 'bucket_at') }}, 0) as from_us,
        least(
            {{ micros_between('requested_at', "bucket_at + interval '5 minutes'") }}, lasts_us
        ) as to_us
    from grouped_buckets

),

grouped_calls as (

    select
        {{ series | join(', ') }},
        {% for count in counts %}
        {{ whole_share(count, 'to_us', 'lasts_us') }}
        - {{ whole_share(count, 'from_us', 'lasts_us') }} as {{ count }},
        {% endfor %}
        cast(duration_s * requests as decimal(28, 6))
        * cast(to_us - from_us as decimal(14, 0)) / lasts_us as duration_s_total,
        cast(queue_s * requests as decimal(28, 6))
        * cast(to_us - from_us as decimal(14, 0)) / lasts_us as queue_s_total,
        bucket_at
    from grouped_bounds

),

calls as (

    select
        {{ series | join(', ') }},
        {{ counts | join(', ') }},
        cast(duration_s_total as decimal(28, 6)) as duration_s_total,
        cast(queue_s_total as decimal(28, 6)) as queue_s_total,
        bucket_at,
        cast(bucket_at as date) as date_day
    from single_calls
    union all
    select
        {{ series | join(', ') }},
        {{ counts | join(', ') }},
        cast(duration_s_total as decimal(28, 6)) as duration_s_total,
        cast(queue_s_total as decimal(28, 6)) as queue_s_total,
        bucket_at,
        cast(bucket_at as date) as date_day
    from grouped_calls

)

select
    date_day,
    bucket_at,
    {{ series | join(', ') }},
    {% for count in counts %}
    cast(sum({{ count }}) as bigint) as {{ count }},
    {% endfor %}
    cast(sum(duration_s_total) as decimal(28, 6)) as duration_s_total,
    cast(sum(queue_s_total) as decimal(28, 6)) as queue_s_total
from calls
where
    true
    {{ affected_days_only('requests', 'date_day') }}
group by date_day, bucket_at, {{ series | join(', ') }}
