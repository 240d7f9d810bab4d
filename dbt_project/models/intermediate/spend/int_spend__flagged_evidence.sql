-- What was behind a flagged day: calls, tokens, GPU time and value, each beside its own expected
-- day, found from its past as that of the cost is.
{% set history_days = var('anomaly_history_weeks') * 7 %}
{% set measures = ['requests', 'tokens', 'gpu_hours', 'value'] %}

with flagged as (

    select * from {{ ref('int_spend__flagged_days') }}

),

-- The flagged day and the days of its history on which the series existed.
history as (

    select
        flagged.series_id,
        flagged.date_day,
        flagged.model_name,
        flagged.model_version,
        flagged.endpoint,
        flagged.cost_component,
        past.date_day as past_day
    from flagged
    inner join {{ ref('int_spend__series_daily') }} as past
        on
            flagged.series_id = past.series_id
            and flagged.date_day >= past.date_day
            and flagged.date_day <= past.date_day + {{ history_days }} * interval '1 day'

),

-- Cost that names no endpoint or version is compared with the calls of all of them.
calls as (

    select
        history.series_id,
        history.date_day,
        history.past_day,
        sum(served.requests) as requests,
        sum(served.input_tokens + served.output_tokens) as tokens
    from history
    inner join {{ ref('int_requests__served_daily') }} as served
        on
            history.past_day = served.date_day
            and history.model_name = served.model_name
            and history.model_version in (served.model_version, 'unattributed')
            and history.endpoint in (served.endpoint, 'unattributed')
    where history.model_name <> 'unattributed'
    group by history.series_id, history.date_day, history.past_day

),

-- Without the hosts whose day was billed to training: their cost is not in the series either.
training_hosts as (

    select distinct
        date_day,
        resource_key
    from {{ ref('int_cost__parts') }}
    where lifecycle_stage in ('training', 'fine_tuning') and resource_key is not null

),

gpu_time as (

    select
        history.series_id,
        history.date_day,
        history.past_day,
        sum(hours.held_us) / 3600000000.0 as gpu_hours
    from history
    inner join {{ ref('int_gpu__hourly') }} as hours
        on
            history.past_day = hours.date_day
            and history.model_name = hours.model_name
            and history.model_version in (hours.model_version, 'unattributed')
            and history.endpoint in (hours.endpoint, 'unattributed')
    left join training_hosts
        on
            hours.date_day = training_hosts.date_day
            and hours.resource_key = training_hosts.resource_key
    where
        history.cost_component in ('gpu_compute', 'cpu_compute')
        and training_hosts.date_day is null
    group by history.series_id, history.date_day, history.past_day

),

-- The features that the model served on the flagged day, whole: a feature's credit to one version
-- follows cost, so the spike itself would move it. Measured value where there is any, else
-- declared.
features as (

    select distinct
        flagged.series_id,
        flagged.date_day,
        credited.feature,
        credited.value_method,
        max(credited.value_method) over (partition by flagged.series_id, flagged.date_day)
            as best_method
    from flagged
    inner join {{ ref('int_value__model_daily') }} as credited
        on
            flagged.date_day = credited.date_day
            and flagged.model_name = credited.model_name

),

gains as (

    select
        history.series_id,
        history.date_day,
        history.past_day,
        max(features.value_method) as value_method,
        cast(sum(gains.value_usd) as decimal(38, 12)) as value
    from history
    inner join features
        on
            history.series_id = features.series_id
            and history.date_day = features.date_day
            and features.value_method = features.best_method
    inner join {{ ref('int_value__feature_daily') }} as gains
        on
            features.feature = gains.feature
            and features.value_method = gains.value_method
            and history.past_day = gains.date_day
    group by history.series_id, history.date_day, history.past_day

),

-- The days that the calls and the telemetry speak of: on these none is none, on others unknown.
feeds as (

    select
        min(case when feed = 'calls' then first_day end) as first_call_day,
        max(case when feed = 'calls' then last_day end) as last_call_day,
        min(case when feed = 'gpu' then first_day end) as first_gpu_day,
        max(case when feed = 'gpu' then last_day end) as last_gpu_day
    from (
        select
            'calls' as feed,
            min(date_day) as first_day,
            max(date_day) as last_day
        from {{ ref('int_requests__served_daily') }}
        union all
        select
            'gpu' as feed,
            min(date_day) as first_day,
            max(date_day) as last_day
        from {{ ref('int_gpu__hourly') }}
    ) as spans

),

joined as (

    select
        history.series_id,
        history.date_day,
        history.past_day,
        history.past_day = history.date_day as is_flagged_day,
        history.past_day < history.date_day
        and extract(dow from history.past_day) = extract(dow from history.date_day)
            as is_same_weekday,
        history.past_day < history.date_day
        and history.past_day >= history.date_day - interval '7 days' as is_last_week,
        {% for name in ['requests', 'tokens'] %}
        case
            when history.past_day between feeds.first_call_day and feeds.last_call_day
                then cast(coalesce(calls.{{ name }}, 0) as double)
        end as {{ name }},
        {% endfor %}
        case
            when history.past_day between feeds.first_gpu_day and feeds.last_gpu_day
                then coalesce(gpu_time.gpu_hours, 0)
        end as gpu_hours,
        cast(gains.value as double) as value,
        gains.value_method
    from history
    cross join feeds
    {% for name in ['calls', 'gpu_time', 'gains'] %}
    left join {{ name }}
        on
            history.series_id = {{ name }}.series_id
            and history.date_day = {{ name }}.date_day
            and history.past_day = {{ name }}.past_day
    {% endfor %}

),

medians as (

    select
        series_id,
        date_day,
        max(case when is_flagged_day then value_method end) as value_method,
        {% for name in measures %}
        max(case when is_flagged_day then {{ name }} end) as {{ name }},
        {% for days, condition in [
            ('weekday', 'is_same_weekday'),
            ('week', 'is_last_week'),
            ('weeks', 'not is_flagged_day'),
        ] %}
        percentile_cont(0.5) within group (
            order by case when {{ condition }} then {{ name }} end
        ) as {{ name }}_{{ days }}{{ ',' if not loop.last }}
        {% endfor %}
        {{ ',' if not loop.last }}
        {% endfor %}
    from joined
    group by series_id, date_day

)

select
    series_id,
    date_day,
    value_method,
    {% for name in measures %}
    {{ name }},
    {{ lifted(name ~ '_weekday', name ~ '_week', name ~ '_weeks') }}
        as expected_{{ name }}{{ ',' if not loop.last }}
    {% endfor %}
from medians
