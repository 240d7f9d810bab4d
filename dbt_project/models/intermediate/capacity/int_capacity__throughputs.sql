-- What one GPU sustains by the price list as of the newest data hour, by accelerator and model; a
-- null model is any.
with newest as (

    select cast(max(ds) as date) as date_day
    from {{ ref('int_capacity__hours') }}

)

select
    prices.model_name,
    min(prices.accelerator) as accelerator,
    max(prices.tokens_per_second) as tokens_per_second
from {{ ref('stg_prices__gpu_prices') }} as prices
inner join newest
    on
        prices.valid_from <= newest.date_day
        and prices.valid_before > newest.date_day
where prices.tokens_per_second > 0
group by prices.model_name, lower(prices.accelerator)
