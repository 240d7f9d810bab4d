-- The days a change is judged by: the nearest ones on each side on which only one of the two
-- served. Where a side has too few of them (a canary that runs beside the old version, a version
-- that was rolled back at once), both are judged side by side on the days they share.
{% set window = var('version_window_days') %}
{% set enough = var('version_min_days') %}

with days as (

    select
        changes.model_name,
        changes.from_version,
        changes.to_version,
        daily.date_day,
        daily.model_version = changes.to_version as is_after,
        daily.date_day >= changes.cutover_date as is_since_cutover,
        coalesce(daily.is_serving and other.is_serving, false) as is_shared,
        coalesce(other.is_serving, false) as is_other_serving,
        daily.requests,
        daily.total_tokens,
        daily.direct_cost_usd
    from {{ ref('int_versions__changes') }} as changes
    inner join {{ ref('int_versions__daily') }} as daily
        on
            changes.model_name = daily.model_name
            and daily.model_version in (changes.from_version, changes.to_version)
    left join {{ ref('int_versions__daily') }} as other
        on
            changes.model_name = other.model_name
            and daily.date_day = other.date_day
            and other.model_version in (changes.from_version, changes.to_version)
            and daily.model_version <> other.model_version

),

apart as (

    select
        *,
        row_number() over (
            partition by model_name, from_version, to_version, is_after
            order by
                case when is_after then date_day end,
                case when not is_after then date_day end desc
        ) as nearness
    from days
    where
        is_after = is_since_cutover
        and not is_other_serving

),

enough_apart as (

    select
        model_name,
        from_version,
        to_version
    from apart
    where nearness = {{ enough }}
    group by model_name, from_version, to_version
    having count(*) = 2

),

shared as (

    select
        *,
        row_number() over (
            partition by model_name, from_version, to_version, is_after order by date_day desc
        ) as nearness
    from days
    where
        is_shared
        and is_since_cutover

)

select
    apart.model_name,
    apart.from_version,
    apart.to_version,
    'before_after' as basis,
    apart.is_after,
    apart.date_day,
    apart.requests,
    apart.total_tokens,
    apart.direct_cost_usd
from apart
inner join enough_apart
    on
        apart.model_name = enough_apart.model_name
        and apart.from_version = enough_apart.from_version
        and apart.to_version = enough_apart.to_version
where apart.nearness <= {{ window }}
union all
select
    shared.model_name,
    shared.from_version,
    shared.to_version,
    'side_by_side' as basis,
    shared.is_after,
    shared.date_day,
    shared.requests,
    shared.total_tokens,
    shared.direct_cost_usd
from shared
left join enough_apart
    on
        shared.model_name = enough_apart.model_name
        and shared.from_version = enough_apart.from_version
        and shared.to_version = enough_apart.to_version
where
    enough_apart.model_name is null
    and shared.nearness <= {{ window }}
    and exists (
        select 1
        from shared as needed
        where
            needed.nearness = {{ enough }}
            and needed.model_name = shared.model_name
            and needed.from_version = shared.from_version
            and needed.to_version = shared.to_version
    )
