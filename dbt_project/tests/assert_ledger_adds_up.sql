{{ config(severity='error', meta={'owner': 'team:finops'}) }}

-- Nothing is lost on the way into the lake: of every file version, rows read are rows loaded plus
-- rows quarantined, and every quarantined row is there to be looked at.
with quarantined as (

    select
        source,
        file,
        load_id,
        count(*) as rows_found
    from {{ ref('quarantine') }}
    group by source, file, load_id

)

select
    ledger.source,
    ledger.file,
    ledger.load_id,
    concat(
        ledger.file, ': read ', cast(ledger.rows_read as varchar), ', loaded ',
        cast(ledger.rows_loaded as varchar), ', quarantined ',
        cast(ledger.rows_quarantined as varchar), ', of which ',
        cast(coalesce(quarantined.rows_found, 0) as varchar), ' in ops.quarantine'
    ) as message
from {{ ref('load_ledger') }} as ledger
left join quarantined
    on
        ledger.source = quarantined.source
        and ledger.file = quarantined.file
        and ledger.load_id = quarantined.load_id
where
    ledger.rows_read <> ledger.rows_loaded + ledger.rows_quarantined
    or ledger.rows_quarantined <> coalesce(quarantined.rows_found, 0)
