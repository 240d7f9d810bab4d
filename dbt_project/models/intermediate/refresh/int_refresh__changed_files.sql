-- Files of which a new load brought a first or another version. All versions of such a file matter:
-- what the old one held and the new one does not must go.
select distinct
    ledger.source,
    ledger.file
from {{ ref('stg_lake__load_ledger') }} as ledger
inner join {{ ref('int_refresh__new_loads') }} as new_loads
    on ledger.load_id = new_loads.load_id
