-- What goes into trying new things and into running proven ones, beside the mix that is wanted.
with costs as (

    select
        cast(date_trunc('month', date_day) as date) as month,
        initiative,
        cast(sum(effective_cost_usd) as decimal(38, 12)) as cost_usd
    from {{ ref('fct_model_cost_daily') }}
    where effective_cost_usd is not null
    group by date_trunc('month', date_day), initiative

),

targets as (

    {% for initiative, share in var('portfolio_target_shares').items() %}
    select
        '{{ initiative }}' as initiative,
        cast({{ share }} as decimal(13, 12)) as target_share
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

months as (

    select
        month,
        cast(sum(cost_usd) as decimal(38, 12)) as month_cost_usd
    from costs
    group by month

),

-- An initiative that is wanted and gets nothing shows with nothing.
keys as (

    select
        month,
        initiative
    from costs
    union
    select
        months.month,
        targets.initiative
    from months
    cross join targets

)

select
    keys.month,
    keys.initiative,
    cast(coalesce(costs.cost_usd, 0) as decimal(38, 12)) as cost_usd,
    {{ decimal_ratio('coalesce(costs.cost_usd, 0)', 'months.month_cost_usd') }} as share,
    targets.target_share,
    cast(
        coalesce(costs.cost_usd, 0)
        - cast(
            cast(months.month_cost_usd as decimal(24, 12)) * targets.target_share
            as decimal(38, 12)
        ) as decimal(38, 12)
    ) as over_target_usd
from keys
inner join months
    on keys.month = months.month
left join costs
    on
        keys.month = costs.month
        and keys.initiative = costs.initiative
left join targets
    on keys.initiative = targets.initiative
