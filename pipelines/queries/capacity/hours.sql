-- What each accelerator was asked for and what of it there was, by hour.
select
    accelerator,
    ds,
    serving_gpus,
    training_gpus,
    allocated_gpus
from intermediate.int_capacity__hours
order by accelerator, ds
