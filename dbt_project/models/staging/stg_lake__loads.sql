-- Loads that dlt has completed; rows of any other load are never read.
select
    load_id,
    schema_name as pipeline_name,
    cast(replace(replace(inserted_at, '+00:00', ''), 'T', ' ') as timestamp) as completed_at
from {{ source('lake', '_dlt_loads') }}
where status = 0
