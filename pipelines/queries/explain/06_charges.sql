-- The largest charges behind it, as delivered: file # row (intermediate.int_cost__parts)
select
    charge_id,
    provider,
    service_name,
    resource_id,
    allocation_method,
    min(date_day) as first_day,
    max(date_day) as last_day,
    sum(effective_cost_usd) as effective_cost_usd
from intermediate.int_cost__parts
where model_name = $model and model_version = $version
group by all
order by effective_cost_usd desc, charge_id
limit 10
