{{ config(tags=['forecast']) }}

-- Budgets of running periods that are spent, or heading there.
select
    concat('budget_', status) as kind,
    case when status = 'exceeded' then 'critical' else 'warning' end as severity,
    concat(
        role, '|', team, '|', model_name, '|', cast(period_start as varchar(10)), '|',
        cast(period_end as varchar(10))
    ) as identity,
    concat(
        'budget of ', role,
        case when team <> 'unattributed' then concat(', team ', team) else '' end,
        case when model_name <> 'unattributed' then concat(', model ', model_name) else '' end,
        ', ', cast(period_start as varchar(10)), ' to ', cast(period_end as varchar(10))
    ) as subject,
    model_name,
    'unattributed' as model_version,
    team,
    role,
    period_start as started_on,
    as_of_date as last_seen_on,
    case
        when status = 'exceeded' then cast(actual_usd - amount_usd as decimal(38, 12))
        when projected_usd > amount_usd then cast(projected_usd - amount_usd as decimal(38, 12))
        -- within the amount still: what was spent beyond the soft limit
        else cast(
            actual_usd - cast(amount_usd as decimal(24, 12)) * soft_limit_ratio as decimal(38, 12)
        )
    end as amount_usd,
    concat(
        {{ dollars('actual_usd') }}, ' USD spent of ', {{ dollars('amount_usd') }}, ' USD after ',
        {{ percent('elapsed_ratio') }}, ' % of the period; ', {{ dollars('projected_usd') }},
        ' USD expected by its end'
    ) as cause,
    case
        when status = 'exceeded'
            then 'agree on a new amount, or stop what is not worth its money: see the verdicts'
        else 'cut what is not worth its money before the period ends: see the verdicts'
    end as what_to_do
from {{ ref('fct_budget_status') }}
where
    status in ('at_risk', 'exceeded')
    and period_start <= {{ as_of_day() }}
    and period_end >= {{ as_of_day() }}
