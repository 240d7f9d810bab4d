{{ config(tags=['forecast']) }}

-- Totals whose forecast of last week missed; where none is that old, whose backtest fails a check:
-- GPUs of each accelerator, and requests to vendors.
with reviewed as (

    select
        reviews.*,
        prices.on_demand_per_hour,
        reviews.inside_ratio < {{ var('forecast_miss_inside_below') }}
        -- jobs come in lumps: their median may be far off and the plan good
        or (
            reviews.unique_id like 'accelerator:%'
            and case
                -- nothing came: a miss where a unit an hour was forecast
                when reviews.wape is null then reviews.forecast_total >= reviews.hours
                else reviews.wape > {{ var('forecast_miss_wape_above') }}
            end
        ) as is_miss
    from {{ ref('fct_forecast_review_weekly') }} as reviews
    inner join (
        select max(week_end) as week_end
        from {{ ref('fct_forecast_review_weekly') }}
    ) as newest
        on reviews.week_end = newest.week_end
    left join {{ ref('int_capacity__prices') }} as prices
        on
            reviews.measure = 'gpus'
            and lower(prices.accelerator) = lower(replace(
                replace(reviews.unique_id, 'accelerator:', ''), 'training:', ''
            ))
    where reviews.hours >= 24

)

select
    'forecast_miss' as kind,
    'warning' as severity,
    concat(champions.unique_id, '|', champions.measure) as identity,
    concat(champions.unique_id, ' ', champions.measure) as subject,
    'unattributed' as model_name,
    'unattributed' as model_version,
    'unattributed' as team,
    'unattributed' as role,
    cast(coalesce(reviewed.created_at, champions.trained_at) as date) as started_on,
    cast(champions.created_at as date) as last_seen_on,
    cast(
        cast(reviewed.absolute_error_total as decimal(18, 6))
        * cast(reviewed.on_demand_per_hour as decimal(18, 6)) as decimal(38, 12)
    ) as amount_usd,
    case
        when reviewed.unique_id is null then concat(
            'the backtest of ', champions.model, ' fails: ', champions.failed_checks
        )
        else concat(
            cast(reviewed.hours_inside as varchar(10)), ' of ',
            cast(reviewed.hours as varchar(10)),
            ' hours lay at or below the 90 % quantile; ',
            case
                when reviewed.wape is null then 'demand was forecast and none came'
                else concat(
                    'the median was off by ', {{ percent('reviewed.wape') }}, ' % of demand'
                )
            end
        )
    end as cause,
    concat(
        'look what changed (a launch, a migration, a burst), retrain, ',
        'and buy by the 95 % line until it holds'
    ) as what_to_do
from {{ ref('gpu_demand_champions') }} as champions
left join reviewed
    on
        champions.unique_id = reviewed.unique_id
        and champions.measure = reviewed.measure
where
    -- requests and tokens of a GPU are in its GPUs
    (
        (champions.unique_id like 'accelerator:%' and champions.measure = 'gpus')
        or (champions.unique_id like 'training:%' and champions.measure = 'gpus')
        or (champions.unique_id = 'accelerator:api' and champions.measure = 'requests')
    )
    and coalesce(reviewed.is_miss, champions.failed_checks <> '')
