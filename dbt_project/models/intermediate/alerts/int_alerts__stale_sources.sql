{{ config(tags=['forecast']) }}

-- Sources that stay behind the others: how far each reaches, against the newest day of any.
with limits as (

    {% for source, days in var('alert_stale_days').items() %}
    select
        '{{ source }}' as source,
        {{ days }} as limit_days
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

watched as (

    select
        freshness.source,
        limits.limit_days,
        cast(freshness.newest_at as date) as newest_day
    from {{ ref('source_freshness') }} as freshness
    inner join limits
        on freshness.source = limits.source
    where freshness.newest_at is not null

),

newest as (

    select max(newest_day) as date_day
    from watched
    where source in ('billing', 'llm_requests', 'gpu_metrics')

),

stale as (

    select
        watched.*,
        {{ days_between('watched.newest_day', 'newest.date_day') }} as days_behind,
        newest.date_day
    from watched
    cross join newest
    where {{ days_between('watched.newest_day', 'newest.date_day') }} > watched.limit_days

),

uncovered as (

    select
        stale.source,
        cast(sum(costs.effective_cost_usd) as decimal(38, 12)) as amount_usd
    from stale
    inner join {{ ref('fct_model_cost_daily') }} as costs
        on stale.newest_day < costs.date_day
    group by stale.source

)

select
    'stale_source' as kind,
    'warning' as severity,
    concat(stale.source, '|', cast(stale.newest_day as varchar(10))) as identity,
    stale.source as subject,
    'unattributed' as model_name,
    'unattributed' as model_version,
    'unattributed' as team,
    'unattributed' as role,
    cast(stale.newest_day + interval '1 day' as date) as started_on,
    stale.date_day as last_seen_on,
    uncovered.amount_usd,
    concat(
        'it ends on ', cast(stale.newest_day as varchar(10)), ', ',
        cast(stale.days_behind as varchar(10)), ' days behind the others (at most ',
        cast(stale.limit_days as varchar(10)), ' are usual)'
    ) as cause,
    concat(
        'look why no newer delivery arrived in ', stale.source,
        '/, and refresh; the money is what those days cost without it'
    ) as what_to_do
from stale
left join uncovered
    on stale.source = uncovered.source
