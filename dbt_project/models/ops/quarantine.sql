select
    source,
    file,
    row_number,
    column_name,
    value,
    reason,
    delivery,
    load_id
from {{ ref('stg_lake__quarantine') }}
