{{ config(tags=['forecast']) }}

{% set scores = [
    'unique_id', 'measure', 'model', 'horizon_bucket', 'wape', 'mase', 'pinball', 'coverage_90',
    'skill_vs_seasonal_naive', 'cutoff', 'created_at',
] %}

-- Hold-out scores of the newest forecast run, and of past cutoffs that somebody asked for: the
-- newest word on each.
with newest as (

    select max(load_id) as load_id
    from {{ ref('stg_lake__loads') }}
    where pipeline_name = 'forecasts'

),

told as (

    select
        {{ scores | join(', ') }},
        1 as source_rank,
        _dlt_load_id as load_id
    from {{ source('lake', 'demand_backtests') }}
    where _dlt_load_id = (select newest.load_id from newest)
    union all
    select
        {{ scores | join(', ') }},
        2 as source_rank,
        _dlt_load_id as load_id
    from {{ source('lake', 'demand_rescores') }}
    where
        _dlt_load_id in (
            select loads.load_id
            from {{ ref('stg_lake__loads') }} as loads
        )

),

ranked as (

    select
        *,
        row_number() over (
            partition by unique_id, measure, model, cutoff, horizon_bucket
            order by source_rank asc, load_id desc
        ) as newest_rank
    from told

)

select {{ scores | join(', ') }}
from ranked
where newest_rank = 1
