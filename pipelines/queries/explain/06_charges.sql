-- The largest charges behind it, as delivered (intermediate.int_cost__parts)
select
    resource_id,
    service_name,
    allocation_method,
    split_part(charge_id, '#', 1) as file,
    count(distinct charge_id) as row_count,
    min(cast(split_part(charge_id, '#', 2) as bigint)) as first_row,
    max(cast(split_part(charge_id, '#', 2) as bigint)) as last_row,
    min(date_day) as first_day,
    max(date_day) as last_day,
    sum(effective_cost_usd) as effective_cost_usd
from intermediate.int_cost__parts
where model_name = $model and model_version = $version
group by all
order by effective_cost_usd desc, file, resource_id
limit 10
