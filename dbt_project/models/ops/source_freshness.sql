-- How far each source reaches, what it brought, and whether it lags behind the others. The newest
-- moment that a source with something to tell every few days speaks of is the clock.
with newest as (

    select
        'billing' as source,
        max(cast(date_day as timestamp)) as newest_at
    from {{ ref('int_billing__charge_days') }}
    union all
    select
        'llm_requests' as source,
        max(bucket_at) as newest_at
    from {{ ref('int_requests__five_minutes') }}
    union all
    select
        'gpu_metrics' as source,
        max(hour) as newest_at
    from {{ ref('int_gpu__hourly') }}
    union all
    select
        'product_kpis' as source,
        max(cast(date_day as timestamp)) as newest_at
    from {{ ref('stg_product__kpis') }}
    union all
    select
        'model_registry' as source,
        max(cast(coalesce(deployed_date, created_date) as timestamp)) as newest_at
    from {{ ref('stg_registry__model_versions') }}
    union all
    select
        'prices' as source,
        max(cast(valid_from as timestamp)) as newest_at
    from {{ ref('stg_prices__token_prices') }}
    union all
    select
        'gpu_prices' as source,
        max(cast(valid_from as timestamp)) as newest_at
    from {{ ref('stg_prices__gpu_prices') }}
    union all
    select
        'gpu_jobs' as source,
        max(alive_until) as newest_at
    from {{ ref('stg_scheduler__jobs') }}
    union all
    select
        'evaluations' as source,
        max(evaluated_at) as newest_at
    from {{ ref('stg_quality__evaluations') }}
    union all
    select
        'currency' as source,
        max(cast(date_day as timestamp)) as newest_at
    from {{ ref('stg_currency__rates') }}
    union all
    select
        'budgets' as source,
        max(cast(period_start as timestamp)) as newest_at
    from {{ ref('stg_planning__budgets') }}
    union all
    select
        'roles' as source,
        cast(null as timestamp) as newest_at

),

expected as (

    {% for source, hours in var('source_freshness_hours').items() %}
    select
        '{{ source }}' as source,
        cast({{ hours }} as bigint) as expected_hours
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

clock as (

    select max(newest.newest_at) as now_at
    from newest
    inner join expected
        on newest.source = expected.source

),

ledger as (

    select
        source,
        count(*) as files,
        sum(rows_loaded) as rows_loaded,
        sum(rows_quarantined) as rows_quarantined,
        max(loaded_at) as last_loaded_at
    from {{ ref('stg_lake__load_ledger') }}
    group by source

)

select
    newest.source,
    newest.newest_at,
    coalesce(ledger.files, 0) as files,
    cast(coalesce(ledger.rows_loaded, 0) as bigint) as rows_loaded,
    cast(coalesce(ledger.rows_quarantined, 0) as bigint) as rows_quarantined,
    ledger.last_loaded_at,
    expected.expected_hours,
    cast(
        floor({{ micros_between('newest.newest_at', 'clock.now_at') }} / 3600000000) as bigint
    ) as behind_hours,
    case
        when expected.expected_hours is null or newest.newest_at is null then false
        else
            {{ micros_between('newest.newest_at', 'clock.now_at') }}
            > expected.expected_hours * 3600000000
    end as is_stale
from newest
cross join clock
left join expected
    on newest.source = expected.source
left join ledger
    on newest.source = ledger.source
