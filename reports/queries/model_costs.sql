-- Cost and use of the window by model version.
select
    model_name,
    model_version,
    sum(loaded_cost_usd) as loaded_cost_usd,
    sum(direct_cost_usd) as direct_cost_usd,
    sum(requests) as requests,
    sum(total_tokens) as total_tokens,
    sum(loaded_cost_usd) * 1000000 / nullif(sum(total_tokens), 0) as cost_per_mtok_usd
from marts.fct_unit_economics_daily
where date_day between $first_day and $last_day
group by model_name, model_version
having sum(loaded_cost_usd) <> 0 or sum(requests) > 0
order by loaded_cost_usd desc, model_name, model_version
