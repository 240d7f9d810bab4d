-- The newest day with GPU telemetry, for a warehouse without bills.
select cast(max(hour) as date) as last_day
from marts.fct_gpu_utilization_hourly
