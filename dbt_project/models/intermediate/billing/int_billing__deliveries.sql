-- Which deliveries hold charges of a billing period, newest first. A delivery is as new as the last
-- load that changed one of its files; deliveries of one refresh are ordered by name. One that holds
-- a file that could not be read to its end yields to a complete one, unless a person accepted it.
with deliveries as (

    select
        delivery,
        min(delivery_sort_key) as delivery_sort_key,
        max(load_id) as newest_load_id,
        min(
            cast(
                is_complete
                {% for delivery in var('accepted_deliveries') %}
                or delivery = '{{ delivery | replace("'", "''") }}'
                {% endfor %}
                as integer
            )
        ) as complete_rank
    from {{ ref('stg_lake__live_files') }}
    where source = 'billing'
    group by delivery

),

held as (

    select distinct
        provider_key,
        billing_account_id,
        billing_period_start,
        {{ owned_day('first_day') }} as owned_day,
        delivery
    from {{ ref('stg_billing__charges') }}

)

select
    held.provider_key,
    held.billing_account_id,
    held.billing_period_start,
    held.owned_day,
    held.delivery,
    deliveries.delivery_sort_key,
    deliveries.newest_load_id,
    deliveries.complete_rank = 1 as is_complete,
    row_number() over (
        partition by
            held.provider_key, held.billing_account_id, held.billing_period_start, held.owned_day
        order by
            deliveries.complete_rank desc,
            deliveries.newest_load_id desc,
            deliveries.delivery_sort_key desc,
            held.delivery desc
    ) as delivery_rank
from held
inner join deliveries
    on held.delivery = deliveries.delivery
