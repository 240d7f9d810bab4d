-- How long in each hour at least one job of a team waited for an accelerator. Waits that overlap
-- count once.
with waits as (

    select
        team,
        accelerator,
        greatest(eligible_at, submitted_at) as wait_from,
        coalesce(started_at, alive_until) as wait_until
    from {{ ref('int_jobs__alive') }}
    where
        eligible_at is not null
        and coalesce(started_at, alive_until) > greatest(eligible_at, submitted_at)

),

stretches as (

    select
        team,
        accelerator,
        wait_from,
        wait_until,
        sum(case when wait_from <= reached then 0 else 1 end) over (
            partition by team, accelerator
            order by wait_from, wait_until
            rows between unbounded preceding and current row
        ) as stretch
    from (
        select
            *,
            max(wait_until) over (
                partition by team, accelerator
                order by wait_from, wait_until
                rows between unbounded preceding and 1 preceding
            ) as reached
        from waits
    ) as ordered

),

merged as (

    select
        team,
        accelerator,
        min(wait_from) as wait_from,
        max(wait_until) as wait_until
    from stretches
    group by team, accelerator, stretch

),

hours as (

    select
        *,
        {{ each_step(
            "date_trunc('hour', wait_from)",
            "date_trunc('hour', " ~ plus_micros('wait_until', -1) ~ ")",
            '1 hour'
        ) }} as hour
    from merged

)

select
    team,
    accelerator,
    hour,
    cast(hour as date) as date_day,
    cast(
        sum({{ micros_between(
            'greatest(wait_from, hour)', "least(wait_until, hour + interval '1 hour')"
        ) }}) as bigint
    ) as waiting_us
from hours
group by team, accelerator, hour
