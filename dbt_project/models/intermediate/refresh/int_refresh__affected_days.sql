-- The days to build again, by what is built: GPU samples, requests, and cost, which rests on both,
-- on billing, and on prices and the registry (a change there touches every day).
with row_days as (

    -- one source after the other: the scan then reads no file before the first or after the last
    -- changed one of that source
    {% for source in ['gpu_metrics', 'llm_requests'] %}
    select distinct
        days.source,
        days.date_day
    from {{ ref('stg_lake__row_days') }} as days
    inner join {{ ref('int_refresh__changed_files') }} as changed
        on days.file = changed.file
    where
        days.source = '{{ source }}'
        and changed.source = '{{ source }}'
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- A sample or a pre-aggregated row lasts to the next one, so the days beside a new day change too.
widened as (

    select
        source,
        date_day
    from row_days
    union
    select
        source,
        cast(date_day - interval '1 day' as date) as date_day
    from row_days
    union
    select
        source,
        cast(date_day + interval '1 day' as date) as date_day
    from row_days

),

-- Prices and the registry say what every day's usage and charges mean.
catalogs as (

    select file
    from {{ ref('int_refresh__changed_files') }}
    where source in ('prices', 'gpu_prices', 'model_registry')

),

asked_for as (

    {% if var('rebuild_from') and var('rebuild_to') %}
    select
        cast(
            {{ each_step("cast('" ~ var('rebuild_from') ~ "' as date)",
                         "cast('" ~ var('rebuild_to') ~ "' as date)", '1 day') }} as date
        ) as date_day
    {% else %}
    select cast(null as date) as date_day
    where false
    {% endif %}

),

charge_spans as (

    select distinct
        charges.first_day,
        charges.last_day
    from {{ ref('stg_billing__charge_versions') }} as charges
    left join {{ ref('int_refresh__affected_periods') }} as periods
        on
            charges.provider_key = periods.provider_key
            and charges.billing_account_id = periods.billing_account_id
            and charges.billing_period_start = periods.billing_period_start
    where
        periods.provider_key is not null
        or exists (select 1 from catalogs)

),

charge_days as (

    select distinct cast({{ each_step('first_day', 'last_day', '1 day') }} as date) as date_day
    from charge_spans

)

select
    'gpu' as scope,
    date_day
from widened
where source = 'gpu_metrics'
union
select
    'requests' as scope,
    date_day
from widened
where source = 'llm_requests'
union
select
    'cost' as scope,
    date_day
from widened
union
select
    'cost' as scope,
    date_day
from charge_days
union
select
    'cost' as scope,
    date_day
from {{ ref('stg_lake__row_days') }}
where exists (select 1 from catalogs)
union
select
    scopes.scope,
    asked_for.date_day
from asked_for
cross join (values ('gpu'), ('requests'), ('cost')) as scopes (scope)
