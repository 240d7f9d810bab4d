-- The rate of each day: the latest on or before it, as long as that is not too old.
with rates as (

    select
        currency,
        usd_rate,
        date_day as valid_from,
        least(
            lead(date_day) over (partition by currency order by date_day),
            cast(date_day + interval '{{ var('currency_rate_days') + 1 }} days' as date)
        ) as valid_before
    from {{ ref('stg_currency__rates') }}
    where currency <> 'USD'

)

select
    currency,
    usd_rate,
    cast(
        {{ each_step('valid_from', "valid_before - interval '1 day'", '1 day') }} as date
    ) as date_day
from rates
