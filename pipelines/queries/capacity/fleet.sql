-- Today's fleet of each accelerator.
select
    accelerator,
    today_gpus,
    today_hourly_usd,
    service_s
from intermediate.int_capacity__fleet
order by accelerator
