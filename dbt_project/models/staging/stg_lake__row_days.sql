-- The days that each telemetry, usage or KPI file speaks of, in any of its versions.
select
    'gpu_metrics' as source,
    _file as file,
    cast(timestamp as date) as date_day
from {{ source('lake', 'gpu_metrics') }}
union all
select
    'llm_requests' as source,
    _file as file,
    cast(timestamp as date) as date_day
from {{ source('lake', 'llm_requests') }}
