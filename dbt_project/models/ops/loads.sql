{{ config(tags=['forecast']) }}

-- depends_on: {{ ref('int_refresh__new_loads') }}
-- The loads this warehouse holds, the forecasts' own among them; the next refresh compares the lake
-- with it.
select
    load_id,
    pipeline_name,
    completed_at
from {{ ref('stg_lake__loads') }}
