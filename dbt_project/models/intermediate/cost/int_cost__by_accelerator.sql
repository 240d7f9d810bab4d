-- Loaded cost per accelerator and endpoint. Accelerator: the charge's own, else `api` for a version
-- a vendor hosts, else by the workload's GPU time of the day, else the registry's. Cost that still
-- lacks an endpoint or an accelerator follows the version's requests of the day, so that no
-- endpoint looks free for want of a tag.
with known as (

    select
        costs.date_day,
        costs.model_name,
        costs.model_version,
        costs.endpoint,
        costs.cost_kind,
        costs.cost_usd,
        coalesce(
            nullif(costs.accelerator, 'unattributed'),
            case when versions.hosting = 'api' then 'api' end
        ) as known_accelerator,
        coalesce(names.accelerator, versions.accelerator, 'unattributed') as fallback_accelerator,
        coalesce(own_shares.endpoint, '*') as share_endpoint
    from {{ ref('int_cost__loaded_daily') }} as costs
    left join {{ ref('stg_registry__model_versions') }} as versions
        on
            costs.model_name = versions.model_name
            and costs.model_version = versions.model_version
    left join {{ ref('int_gpu__accelerator_names') }} as names
        on lower(versions.accelerator) = names.accelerator_key
    left join (
        select distinct
            date_day,
            model_name,
            model_version,
            endpoint
        from {{ ref('int_gpu__accelerator_shares') }}
    ) as own_shares
        on
            costs.date_day = own_shares.date_day
            and costs.model_name = own_shares.model_name
            and costs.model_version = own_shares.model_version
            and costs.endpoint = own_shares.endpoint

),

costs as (

    select
        date_day,
        model_name,
        model_version,
        endpoint,
        cost_kind,
        known_accelerator,
        fallback_accelerator,
        share_endpoint,
        cast(sum(cost_usd) as decimal(38, 12)) as cost_usd
    from known
    group by
        date_day, model_name, model_version, endpoint, cost_kind, known_accelerator,
        fallback_accelerator, share_endpoint

),

accelerator_candidates as (

    select
        costs.date_day,
        costs.model_name,
        costs.model_version,
        costs.endpoint,
        costs.cost_kind,
        costs.known_accelerator,
        coalesce(
            costs.known_accelerator, shares.accelerator, costs.fallback_accelerator
        ) as accelerator,
        coalesce(shares.held_us, 1) as weight,
        costs.cost_usd
    from costs
    left join {{ ref('int_gpu__accelerator_shares') }} as shares
        on
            costs.known_accelerator is null
            and costs.date_day = shares.date_day
            and costs.model_name = shares.model_name
            and costs.model_version = shares.model_version
            and costs.share_endpoint = shares.endpoint

),

on_accelerators as (

    {{ split_exactly(
        'accelerator_candidates',
        group_by=[
            'date_day', 'model_name', 'model_version', 'endpoint', 'cost_kind', 'known_accelerator'
        ],
        weight='weight',
        tie_break=['accelerator'],
        amounts=['cost_usd']
    ) }}

),

served_candidates as (

    select
        costs.date_day,
        costs.model_name,
        costs.model_version,
        costs.cost_kind,
        costs.endpoint as named_endpoint,
        costs.accelerator as named_accelerator,
        coalesce(served.endpoint, costs.endpoint) as endpoint,
        coalesce(served.accelerator, costs.accelerator) as accelerator,
        coalesce(served.requests, 1) as weight,
        costs.cost_usd
    from (
        select
            date_day,
            model_name,
            model_version,
            endpoint,
            accelerator,
            cost_kind,
            cast(sum(cost_usd) as decimal(38, 12)) as cost_usd
        from on_accelerators
        group by date_day, model_name, model_version, endpoint, accelerator, cost_kind
    ) as costs
    left join {{ ref('int_requests__served_daily') }} as served
        on
            (costs.endpoint = 'unattributed' or costs.accelerator = 'unattributed')
            and costs.endpoint in (served.endpoint, 'unattributed')
            and costs.accelerator in (served.accelerator, 'unattributed')
            and costs.date_day = served.date_day
            and costs.model_name = served.model_name
            and costs.model_version = served.model_version
            and served.requests > 0

),

on_served as (

    {{ split_exactly(
        'served_candidates',
        group_by=[
            'date_day', 'model_name', 'model_version', 'cost_kind', 'named_endpoint',
            'named_accelerator',
        ],
        weight='weight',
        tie_break=['endpoint', 'accelerator'],
        amounts=['cost_usd']
    ) }}

)

select
    date_day,
    model_name,
    model_version,
    endpoint,
    accelerator,
    cast(sum(case when cost_kind = 'direct' then cost_usd else 0 end) as decimal(38, 12))
        as direct_cost_usd,
    cast(sum(cost_usd) as decimal(38, 12)) as loaded_cost_usd
from on_served
group by date_day, model_name, model_version, endpoint, accelerator
