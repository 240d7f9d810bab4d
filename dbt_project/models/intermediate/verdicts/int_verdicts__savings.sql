-- What could be saved on a version without giving it up: one row per rule that speaks.
with days as (

    select
        {{ as_of_day() }} as as_of_date,
        cast({{ as_of_day() }} - interval '{{ var("verdict_days") - 1 }} days' as date) as first_day

),

-- The change that brought the version, where it can be told apart from the one before it.
spikes as (

    select
        model_name,
        to_version as model_version,
        from_version,
        cost_per_request_ratio,
        is_justified,
        cast(
            (intensity_effect_usd + rate_effect_usd) * {{ var('verdict_days') }} as decimal(38, 12)
        ) as excess_usd,
        row_number() over (
            partition by model_name, to_version order by cutover_date desc
        ) as change_rank
    from {{ ref('fct_version_changes') }}
    where
        is_cost_spike
        and basis = 'before_after'
        and coalesce(not is_justified, true)

),

anomalies as (

    select
        anomalies.model_name,
        anomalies.model_version,
        count(*) as spike_days,
        max(anomalies.date_day) as last_day,
        cast(sum(anomalies.excess_usd) as decimal(38, 12)) as excess_usd
    from {{ ref('fct_spend_anomalies') }} as anomalies
    inner join days
        on anomalies.date_day between days.first_day and days.as_of_date
    where anomalies.is_valueless_spike
    group by anomalies.model_name, anomalies.model_version

),

-- Weeks that begin within the days looked at.
drifts as (

    select
        drift.model_name,
        drift.model_version,
        min(drift.score) as lowest_score,
        max(drift.baseline_score) as baseline_score,
        cast(sum(drift.drift_cost_usd) as decimal(38, 12)) as drift_cost_usd
    from {{ ref('fct_drift_cost_weekly') }} as drift
    inner join days
        on
            drift.week >= days.first_day
            and drift.week <= days.as_of_date
    group by drift.model_name, drift.model_version

),

-- Both idles: its own, and its share of what nobody holds.
idle_days as (

    select
        cast(hour as date) as date_day,
        model_name,
        model_version,
        idle_cost_usd
    from {{ ref('fct_gpu_utilization_hourly') }}
    union all
    select
        date_day,
        model_name,
        model_version,
        idle_cost_usd
    from {{ ref('int_cost__idle_shares') }}

),

idle as (

    select
        idle_days.model_name,
        idle_days.model_version,
        cast(sum(idle_days.idle_cost_usd) as decimal(38, 12)) as idle_cost_usd
    from idle_days
    inner join days
        on idle_days.date_day between days.first_day and days.as_of_date
    group by idle_days.model_name, idle_days.model_version

),

-- The best registered alternative without a commitment whose quality is known and good enough, of
-- the newest month with two weeks of data, else the newest there is; at 30 days.
offers as (

    select
        *,
        row_number() over (
            partition by model_name, model_version order by saving_usd desc, alternative asc
        ) as offer_rank
    from (
        select
            *,
            rank() over (
                partition by model_name, model_version
                order by case when hours >= 336 then 0 else 1 end, month desc
            ) as month_rank
        from {{ ref('fct_build_vs_buy_monthly') }}
    ) as months
    where
        month_rank = 1
        and basis = 'registered'
        and alternative_kind <> 'reserved_1y'
        and alternative_quality >= {{ var('quality_floor') }}
        and cast(saving_usd as double)
        > {{ var('verdict_saving_ratio') }} * cast(actual_cost_usd as double)

)

select
    spikes.model_name,
    spikes.model_version,
    'unjustified_version_spike' as rule,
    concat(
        'a call costs ', {{ times('spikes.cost_per_request_ratio') }}, ' times what it did with ',
        spikes.from_version,
        case
            when spikes.is_justified is null then ', and no value on both sides says why'
            else ', and a dollar brings less value'
        end
    ) as reason,
    greatest(spikes.excess_usd, 0) as dollars_at_stake,
    concat('go back to ', spikes.from_version, ', or bring its cost per call back') as next_step
from spikes
where spikes.change_rank = 1
union all
select
    model_name,
    model_version,
    'valueless_spike' as rule,
    concat(
        {{ dollars('excess_usd') }}, ' USD above what was expected on ',
        cast(spike_days as varchar), ' day(s), last on ', cast(last_day as varchar),
        ', without more value'
    ) as reason,
    excess_usd as dollars_at_stake,
    'find what ran on those days, and set a limit on its autoscaling' as next_step
from anomalies
union all
select
    drifts.model_name,
    drifts.model_version,
    'drift' as rule,
    concat(
        '{{ var("quality_metric") }} fell from ', {{ percent('drifts.baseline_score') }}, ' to ',
        {{ percent('drifts.lowest_score') }}, ' %: ', {{ dollars('drifts.drift_cost_usd') }},
        ' USD bought wrong answers'
    ) as reason,
    drifts.drift_cost_usd as dollars_at_stake,
    'retrain it or pin the version that was evaluated' as next_step
from drifts
inner join {{ ref('int_verdicts__subjects') }} as subjects
    on
        drifts.model_name = subjects.model_name
        and drifts.model_version = subjects.model_version
        and cast(drifts.drift_cost_usd as double)
        > {{ var('verdict_drift_ratio') }} * cast(subjects.cost_usd as double)
where drifts.drift_cost_usd > 0
union all
select
    idle.model_name,
    idle.model_version,
    'idle' as rule,
    concat(
        {{ percent(decimal_ratio('idle.idle_cost_usd', 'subjects.cost_usd')) }},
        ' % of its cost is GPUs that did next to nothing'
    ) as reason,
    idle.idle_cost_usd as dollars_at_stake,
    'give back GPUs, or share them with other work' as next_step
from idle
inner join {{ ref('int_verdicts__subjects') }} as subjects
    on
        idle.model_name = subjects.model_name
        and idle.model_version = subjects.model_version
        and cast(idle.idle_cost_usd as double)
        > {{ var('verdict_idle_ratio') }} * cast(subjects.cost_usd as double)
where idle.idle_cost_usd > 0
union all
select
    model_name,
    model_version,
    'better_offer' as rule,
    concat(
        alternative_version, ' does the same work at {{ var("quality_metric") }} ',
        {{ percent('alternative_quality') }}, ' % for ',
        {{ percent(decimal_ratio('alternative_cost_usd', 'actual_cost_usd')) }}, ' % of the cost'
    ) as reason,
    cast(
        {{ decimal_ratio('cast(saving_usd as double) * 24 * ' ~ var('verdict_days'), 'hours') }}
        as decimal(38, 12)
    ) as dollars_at_stake,
    concat('move its traffic to ', alternative_version) as next_step
from offers
where
    offer_rank = 1
    and saving_usd > 0
