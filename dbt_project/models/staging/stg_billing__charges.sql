-- Charges of the live version of each file; which delivery wins a period is decided downstream.
select versions.*
from {{ ref('stg_billing__charge_versions') }} as versions
inner join {{ ref('stg_lake__live_files') }} as live
    on
        versions.file = live.file
        and versions.load_id = live.load_id
        and live.source = 'billing'
