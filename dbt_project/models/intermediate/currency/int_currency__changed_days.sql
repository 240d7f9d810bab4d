-- Days of a currency whose rate is not the one this warehouse was built with.
{% set built_with = earlier('intermediate', 'int_currency__rates') %}

{% if built_with %}
select
    coalesce(newest.currency, known.currency) as currency,
    coalesce(newest.date_day, known.date_day) as date_day
from {{ ref('int_currency__rates_by_day') }} as newest
full outer join {{ built_with }} as known
    on
        newest.currency = known.currency
        and newest.date_day = known.date_day
where newest.usd_rate is distinct from known.usd_rate
{% else %}
select
    currency,
    date_day
from {{ ref('int_currency__rates_by_day') }}
{% endif %}
