select
    ledger.source,
    ledger.file,
    ledger.delivery,
    ledger.delivery_sort_key,
    ledger.sha256,
    ledger.message,
    ledger.ignored_columns,
    ledger._dlt_load_id as load_id,
    ledger.size_bytes,
    ledger.rows_read,
    ledger.rows_loaded,
    ledger.rows_quarantined,
    ledger.is_complete,
    ledger.loaded_at
from {{ source('lake', 'load_ledger') }} as ledger
inner join {{ ref('stg_lake__loads') }} as loads
    on ledger._dlt_load_id = loads.load_id
