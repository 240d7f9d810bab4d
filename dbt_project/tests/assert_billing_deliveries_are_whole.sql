{{ config(severity='error', meta={'owner': 'team:finops'}) }}

-- Rows of deliveries that no longer count may have been removed from the lake. Such a one must not
-- count again: one of its files delivered anew would stand for the whole period, without the rest.
-- depends_on: {{ ref('fct_model_cost_daily') }}
with counting as (

    select distinct delivery
    from {{ ref('int_billing__deliveries') }}
    where delivery_rank = 1

),

held as (

    select
        file,
        load_id,
        count(*) as rows_held
    from {{ ref('stg_billing__charges') }}
    group by file, load_id

)

select
    ledger.delivery,
    ledger.file,
    ledger.rows_loaded,
    coalesce(held.rows_held, 0) as rows_held,
    concat(
        ledger.delivery, ' counts again, but rows of its file ', ledger.file,
        ' were removed when it no longer counted: deliver all of it again under a new name'
    ) as message
from {{ ref('load_ledger') }} as ledger
inner join {{ ref('stg_lake__live_files') }} as live
    on
        ledger.source = live.source
        and ledger.file = live.file
        and ledger.load_id = live.load_id
inner join counting
    on ledger.delivery = counting.delivery
left join held
    on
        ledger.file = held.file
        and ledger.load_id = held.load_id
where
    ledger.source = 'billing'
    and ledger.rows_loaded <> coalesce(held.rows_held, 0)
