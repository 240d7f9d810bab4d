-- Who makes the bill, and who made it rise: each resource and endpoint as a share of its month's
-- bill and, by its rise, of the bill of the month before.
with spend as (

    select
        cast(date_trunc('month', date_day) as date) as month,
        provider,
        service_name,
        resource_id,
        endpoint,
        cast(coalesce(sum(effective_cost_usd), 0) as decimal(38, 12)) as cost_usd
    from {{ ref('int_cost__parts') }}
    group by date_trunc('month', date_day), provider, service_name, resource_id, endpoint

),

bills as (

    select
        month,
        sum(cost_usd) as bill_usd
    from spend
    group by month

)

select
    spend.month,
    spend.provider,
    spend.service_name,
    spend.resource_id,
    spend.endpoint,
    spend.cost_usd,
    {{ decimal_ratio('spend.cost_usd', 'bills.bill_usd') }} as share_of_bill,
    {{ decimal_ratio('spend.cost_usd - coalesce(earlier.cost_usd, 0)', 'earlier_bills.bill_usd') }}
        as added_ratio
from spend
inner join bills
    on spend.month = bills.month
left join bills as earlier_bills
    on earlier_bills.month = cast(spend.month - interval '1 month' as date)
left join spend as earlier
    on
        earlier.month = cast(spend.month - interval '1 month' as date)
        and spend.provider = earlier.provider
        and spend.service_name = earlier.service_name
        and spend.resource_id = earlier.resource_id
        and spend.endpoint = earlier.endpoint
