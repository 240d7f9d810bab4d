{{ config(tags=['forecast']) }}

-- Reasons of verdicts that somebody shall hear of although nobody looks.
select
    reasons.rule as kind,
    'warning' as severity,
    concat(reasons.model_name, '|', reasons.model_version) as identity,
    concat(reasons.model_name, '/', reasons.model_version) as subject,
    reasons.model_name,
    reasons.model_version,
    {{ or_unattributed('owners.team') }} as team,
    'unattributed' as role,
    cast({{ as_of_day() }} - interval '{{ var("verdict_days") - 1 }} days' as date) as started_on,
    {{ as_of_day() }} as last_seen_on,
    reasons.dollars_at_stake as amount_usd,
    reasons.reason as cause,
    reasons.next_step as what_to_do
from {{ ref('fct_verdict_reasons') }} as reasons
left join (
    select
        model_name,
        model_version,
        team,
        row_number() over (
            partition by model_name, model_version order by sum(effective_cost_usd) desc, team asc
        ) as cost_rank
    from {{ ref('fct_model_cost_daily') }}
    where
        effective_cost_usd is not null
        and date_day > cast({{ as_of_day() }} - interval '{{ var("verdict_days") }} days' as date)
    group by model_name, model_version, team
) as owners
    on
        reasons.model_name = owners.model_name
        and reasons.model_version = owners.model_version
        and owners.cost_rank = 1
where
    reasons.rule in (
        {% for rule in var('alert_verdict_rules') %}
        '{{ rule }}'{{ ',' if not loop.last }}
        {% endfor %}
    )
