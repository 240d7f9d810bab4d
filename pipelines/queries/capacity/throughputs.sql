-- Tokens per second that one GPU sustains by the price list; a null model is any.
select
    model_name,
    accelerator,
    tokens_per_second
from intermediate.int_capacity__throughputs
order by accelerator, model_name
