{{ config(tags=['forecast']) }}

-- Valueless spikes that are still news: days in a row on one series are one event.
with flagged as (

    select
        *,
        -- days in a row have the same difference to their number
        {{ days_between('cast(\'2000-01-01\' as date)', 'date_day') }} - row_number() over (
            partition by model_name, model_version, endpoint, cost_component order by date_day
        ) as island
    from {{ ref('fct_spend_anomalies') }}
    where is_valueless_spike

),

gravest as (

    select
        *,
        row_number() over (
            partition by model_name, model_version, endpoint, cost_component, island
            order by excess_usd desc, date_day asc
        ) as excess_rank
    from flagged

),

events as (

    select
        model_name,
        model_version,
        endpoint,
        cost_component,
        min(date_day) as started_on,
        max(date_day) as last_seen_on,
        count(*) as days,
        cast(sum(excess_usd) as decimal(38, 12)) as amount_usd,
        cast(sum(cost_usd) as decimal(38, 12)) as cost_usd,
        cast(sum(expected_usd) as decimal(38, 12)) as expected_usd,
        max(case when excess_rank = 1 then cause end) as main_cause
    from gravest
    group by model_name, model_version, endpoint, cost_component, island

),

teams as (

    select
        events.model_name,
        events.model_version,
        events.endpoint,
        events.cost_component,
        events.started_on,
        costs.team,
        row_number() over (
            partition by
                events.model_name, events.model_version, events.endpoint, events.cost_component,
                events.started_on
            order by sum(costs.effective_cost_usd) desc, costs.team asc
        ) as cost_rank
    from events
    inner join {{ ref('fct_model_cost_daily') }} as costs
        on
            events.model_name = costs.model_name
            and events.model_version = costs.model_version
            and events.endpoint = costs.endpoint
            and events.cost_component = costs.cost_component
            and events.started_on <= costs.date_day
            and events.last_seen_on >= costs.date_day
    where costs.effective_cost_usd is not null
    group by
        events.model_name, events.model_version, events.endpoint, events.cost_component,
        events.started_on, costs.team

)

select
    'valueless_spike' as kind,
    'critical' as severity,
    concat(
        events.model_name, '|', events.model_version, '|', events.endpoint, '|',
        events.cost_component, '|', cast(events.started_on as varchar(10))
    ) as identity,
    concat(
        events.model_name, '/', events.model_version, '/', events.endpoint, ' ',
        events.cost_component
    ) as subject,
    events.model_name,
    events.model_version,
    {{ or_unattributed('teams.team') }} as team,
    'unattributed' as role,
    events.started_on,
    events.last_seen_on,
    events.amount_usd,
    concat(
        case events.main_cause
            when 'rate' then 'each unit of use cost more'
            when 'intensity' then 'each call used more tokens'
            when 'volume' then 'more was used'
            else 'new resources were billed'
        end,
        ': ', {{ dollars('events.cost_usd') }}, ' USD where ', {{ dollars('events.expected_usd') }},
        ' USD was expected, in ', cast(events.days as varchar(10)),
        case when events.days = 1 then ' day' else ' days' end,
        ', and value did not follow'
    ) as cause,
    case events.main_cause
        when 'rate' then 'look for a changed price, a larger machine or lost cache hits; go back'
        when 'intensity' then 'look for longer prompts, lost cache hits or retries since then'
        when 'volume' then 'look for a loop, a retry storm or a test left running, and stop it'
        else 'find who started the new resources, and stop what nobody needs'
    end as what_to_do
from events
left join teams
    on
        events.model_name = teams.model_name
        and events.model_version = teams.model_version
        and events.endpoint = teams.endpoint
        and events.cost_component = teams.cost_component
        and events.started_on = teams.started_on
        and teams.cost_rank = 1
where
    events.last_seen_on > cast(
        {{ as_of_day() }} - interval '{{ var("alert_spike_open_days") }} days' as date
    )
