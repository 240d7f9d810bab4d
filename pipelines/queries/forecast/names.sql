-- Every demand series that the warehouse knows, by its history or by its forecast.
select unique_id from fct_gpu_demand_hourly
union
select unique_id from gpu_demand_forecast
order by unique_id
