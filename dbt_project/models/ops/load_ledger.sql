select
    source,
    file,
    delivery,
    sha256,
    rows_read,
    rows_loaded,
    rows_quarantined,
    is_complete,
    message,
    ignored_columns,
    load_id,
    loaded_at
from {{ ref('stg_lake__load_ledger') }}
