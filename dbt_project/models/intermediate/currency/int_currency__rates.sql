-- depends_on: {{ ref('int_currency__changed_days') }}
-- The rate of each day as this warehouse was built with it. Kept as a table, so that the next
-- refresh can tell which days a new delivery changes.
select
    currency,
    usd_rate,
    date_day
from {{ ref('int_currency__rates_by_day') }}
