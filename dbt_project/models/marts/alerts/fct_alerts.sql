{{ config(tags=['forecast']) }}

-- What somebody shall be told of, as of the newest day with billing data: one row per open event.
with events as (

    {% for subject in ['spikes', 'budgets', 'stale_sources', 'verdicts', 'forecasts'] %}
    select
        kind,
        severity,
        identity,
        subject,
        model_name,
        model_version,
        team,
        role,
        started_on,
        last_seen_on,
        amount_usd,
        cause,
        what_to_do
    from {{ ref('int_alerts__' ~ subject) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- Of several roles that answer for a team, the first by name.
roles as (

    select
        team,
        min(role) as role
    from {{ ref('stg_planning__roles') }}
    where team <> 'unattributed'
    group by team

)

select
    concat(events.kind, '-', substr(md5(concat(events.kind, '|', events.identity)), 1, 12))
        as alert_key,
    events.kind,
    events.severity,
    events.subject,
    events.model_name,
    events.model_version,
    events.team,
    case
        when events.role <> 'unattributed' then events.role
        when roles.role is not null then roles.role
        when events.team <> 'unattributed' then events.team
        else '{{ var("alert_default_owner") }}'
    end as owner,
    events.started_on,
    events.last_seen_on,
    events.amount_usd,
    events.cause,
    events.what_to_do
from events
left join roles
    on events.team = roles.team
