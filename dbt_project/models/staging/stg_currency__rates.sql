-- US dollars per unit of a currency, one row per currency and day: the newest delivery wins.
with delivered as (

    select
        upper(trim(currency.currency)) as currency,
        currency.usd_rate,
        cast(currency.date as date) as date_day,
        row_number() over (
            partition by upper(trim(currency.currency)), currency.date
            order by
                live.load_id desc, live.delivery_sort_key desc, live.file desc,
                currency._row_number desc
        ) as delivery_rank
    from {{ source('lake', 'currency') }} as currency
    inner join {{ ref('stg_lake__live_files') }} as live
        on
            currency._file = live.file
            and currency._dlt_load_id = live.load_id
            and live.source = 'currency'

)

select * exclude (delivery_rank)
from delivered
where delivery_rank = 1
