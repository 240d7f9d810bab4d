select
    quarantine.source,
    quarantine.file,
    quarantine.delivery,
    quarantine.column_name,
    quarantine.value,
    quarantine.reason,
    quarantine._dlt_load_id as load_id,
    quarantine.row_number
from {{ source('lake', 'quarantine') }} as quarantine
inner join {{ ref('stg_lake__loads') }} as loads
    on quarantine._dlt_load_id = loads.load_id
