-- Why a version should go, change or stay, over the days before the as-of day: one row per rule that
-- speaks, with the money at stake and the next step. Rules are those of the verdict (see
-- fct_model_verdicts), which takes the gravest.
with days as (

    select
        {{ as_of_day() }} as as_of_date,
        cast({{ as_of_day() }} - interval '{{ var("verdict_days") - 1 }} days' as date) as first_day

),

subjects as (

    select
        versions.model_name,
        versions.model_version,
        versions.is_zombie,
        versions.zombie_reason,
        days.first_day,
        days.as_of_date,
        coalesce(worth.cost_usd, 0) as cost_usd,
        worth.value_usd,
        worth.value_high_usd,
        coalesce(worth.value_method, 'none') as value_method,
        coalesce(initiatives.is_exploration, false) as is_exploration
    from {{ ref('dim_model_version') }} as versions
    cross join days
    left join {{ ref('int_value__by_period') }} as worth
        on
            versions.model_name = worth.model_name
            and versions.model_version = worth.model_version
            and worth.period_kind = 'trailing'
    left join (
        select
            costs.model_name,
            costs.model_version,
            max(case when costs.initiative = 'exploration' then 1 else 0 end) = 1 as is_exploration
        from {{ ref('fct_model_cost_daily') }} as costs
        inner join days
            on costs.date_day between days.first_day and days.as_of_date
        group by costs.model_name, costs.model_version
    ) as initiatives
        on
            versions.model_name = initiatives.model_name
            and versions.model_version = initiatives.model_version
    where
        versions.model_name <> 'unattributed'
        and (worth.cost_usd <> 0 or worth.value_usd is not null)

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

idle as (

    select
        model_name,
        model_version,
        cast(sum(idle_cost_usd) as decimal(38, 12)) as idle_cost_usd
    from (
        select
            cast(usage.hour as date) as date_day,
            usage.model_name,
            usage.model_version,
            usage.idle_cost_usd
        from {{ ref('fct_gpu_utilization_hourly') }} as usage
        union all
        select
            shares.date_day,
            shares.model_name,
            shares.model_version,
            shares.idle_cost_usd
        from {{ ref('int_cost__idle_shares') }} as shares
    ) as both_idles
    inner join days
        on both_idles.date_day between days.first_day and days.as_of_date
    group by model_name, model_version

),

findings as (

    select
        model_name,
        model_version,
        'zombie' as rule,
        'eliminate' as verdict,
        zombie_reason as reason,
        cost_usd as dollars_at_stake,
        'shut it down: nobody uses what is paid for' as next_step
    from subjects
    where is_zombie
    union all
    select
        model_name,
        model_version,
        'roi_below_zero' as rule,
        'eliminate' as verdict,
        concat(
            'worth at most ', {{ dollars('value_high_usd') }}, ' USD (95 %) at a cost of ',
            {{ dollars('cost_usd') }}, ' USD'
        ) as reason,
        cast(cost_usd - value_usd as decimal(38, 12)) as dollars_at_stake,
        'take it out of the product, or show the value that its experiment does not' as next_step
    from subjects
    where
        value_method = 'measured'
        and value_high_usd < cost_usd
        and not is_exploration
    union all
    select
        spikes.model_name,
        spikes.model_version,
        'unjustified_version_spike' as rule,
        'optimize' as verdict,
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
        'optimize' as verdict,
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
        'optimize' as verdict,
        concat(
            '{{ var("quality_metric") }} fell from ', {{ percent('drifts.baseline_score') }}, ' to ',
            {{ percent('drifts.lowest_score') }}, ' %: ', {{ dollars('drifts.drift_cost_usd') }},
            ' USD bought wrong answers'
        ) as reason,
        drifts.drift_cost_usd as dollars_at_stake,
        'retrain it or pin the version that was evaluated' as next_step
    from drifts
    inner join subjects
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
        'optimize' as verdict,
        concat(
            {{ percent(decimal_ratio('idle.idle_cost_usd', 'subjects.cost_usd')) }},
            ' % of its cost is GPUs that did next to nothing'
        ) as reason,
        idle.idle_cost_usd as dollars_at_stake,
        'give back GPUs, or share them with other work' as next_step
    from idle
    inner join subjects
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
        'value_unmeasured' as rule,
        'optimize' as verdict,
        concat(
            'value unmeasured: ', {{ dollars('cost_usd') }}, ' USD in {{ var("verdict_days") }} days',
            case when value_method = 'declared' then ', and its revenue is declared only' else '' end
        ) as reason,
        cost_usd as dollars_at_stake,
        'run it against a control group for two weeks' as next_step
    from subjects
    where
        value_method <> 'measured'
        and cost_usd > {{ var('verdict_unmeasured_usd') }}
    union all
    select
        model_name,
        model_version,
        'measured' as rule,
        'justify' as verdict,
        concat(
            'worth ', {{ dollars('value_usd') }}, ' USD at a cost of ', {{ dollars('cost_usd') }}, ' USD',
            case
                when value_high_usd < cost_usd and is_exploration then ', and it is an exploration'
                else ''
            end
        ) as reason,
        cast(0 as decimal(38, 12)) as dollars_at_stake,
        'keep it, and keep measuring' as next_step
    from subjects
    where value_method = 'measured'
    union all
    select
        model_name,
        model_version,
        'small' as rule,
        'justify' as verdict,
        concat('costs ', {{ dollars('cost_usd') }}, ' USD in {{ var("verdict_days") }} days') as reason,
        cast(0 as decimal(38, 12)) as dollars_at_stake,
        'nothing: too small to measure' as next_step
    from subjects
    where
        value_method <> 'measured'
        and cost_usd <= {{ var('verdict_unmeasured_usd') }}

)

select
    findings.model_name,
    findings.model_version,
    findings.rule,
    findings.verdict,
    findings.reason,
    cast(findings.dollars_at_stake as decimal(38, 12)) as dollars_at_stake,
    findings.next_step
from findings
inner join subjects
    on
        findings.model_name = subjects.model_name
        and findings.model_version = subjects.model_version
