-- The price list as of the newest data hour: one provider per accelerator, the cheapest that sells
-- it on demand, with all of its prices. A line for any model goes before those of one model.
with newest as (

    select cast(max(ds) as date) as date_day
    from {{ ref('int_capacity__hours') }}

),

ranked as (

    select
        prices.*,
        row_number() over (
            partition by lower(prices.accelerator)
            order by
                case when prices.on_demand_per_hour is null then 1 else 0 end,
                case when prices.model_name is null then 0 else 1 end,
                prices.on_demand_per_hour,
                prices.provider_key,
                prices.model_name
        ) as offer_rank
    from {{ ref('stg_prices__gpu_prices') }} as prices
    inner join newest
        on
            prices.valid_from <= newest.date_day
            and prices.valid_before > newest.date_day

)

select
    accelerator,
    provider_key as provider,
    on_demand_per_hour,
    reserved_1y_per_hour,
    spot_per_hour,
    spot_interruptions_per_hour
from ranked
where offer_rank = 1
