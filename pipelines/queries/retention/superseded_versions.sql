-- Versions of files of which no row counts any more, and did not since the moment $before (seconds since
-- 1970; a load's id is its time).
--   1. A file was delivered again: the older version, whatever the source.
--   2. A billing delivery of which every period has had two newer deliveries: the one that counts
--      and the one it replaced are kept, since a period that lost days is found by comparing them.
with live as (

    select
        source,
        file,
        delivery,
        load_id,
        cast(load_id as double) as loaded_at
    from staging.stg_lake__live_files

),

older_versions as (

    select
        ledger.source,
        ledger.file,
        ledger.load_id
    from ops.load_ledger as ledger
    inner join live
        on
            ledger.source = live.source
            and ledger.file = live.file
    where
        ledger.load_id <> live.load_id
        and cast(ledger.load_id as double) < $before
        and live.loaded_at < $before

),

deliveries as (

    select
        held.delivery,
        held.delivery_rank,
        max(case when held.delivery_rank <= 2 then newest.loaded_at end) over (
            partition by
                held.provider_key, held.billing_account_id, held.billing_period_start,
                held.owned_day
        ) as replaced_at
    from intermediate.int_billing__deliveries as held
    inner join (
        select
            delivery,
            max(loaded_at) as loaded_at
        from live
        where source = 'billing'
        group by delivery
    ) as newest
        on held.delivery = newest.delivery

),

older_deliveries as (

    select delivery
    from deliveries
    group by delivery
    having min(delivery_rank) > 2 and max(replaced_at) < $before

)

select
    source,
    file,
    load_id
from older_versions
union
select
    live.source,
    live.file,
    live.load_id
from live
inner join older_deliveries
    on live.delivery = older_deliveries.delivery
where live.source = 'billing'
