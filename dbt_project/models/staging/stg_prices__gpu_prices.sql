-- Hourly accelerator prices and throughput with the days they hold.
with listed as (

    select
        coalesce({{ name_key('gpu_prices.provider') }}, 'unattributed') as provider_key,
        trim(gpu_prices.accelerator) as accelerator,
        {{ name_key('gpu_prices.model_name') }} as model_name,
        cast(gpu_prices.effective_from as date) as effective_date,
        gpu_prices.on_demand_per_hour,
        gpu_prices.reserved_1y_per_hour,
        gpu_prices.spot_per_hour,
        gpu_prices.tokens_per_second,
        gpu_prices.spot_interruptions_per_hour,
        row_number() over (
            partition by
                lower(trim(gpu_prices.provider)),
                lower(trim(gpu_prices.accelerator)),
                lower(trim(gpu_prices.model_name)),
                cast(gpu_prices.effective_from as date)
            order by
                gpu_prices.effective_from desc, live.load_id desc, live.delivery_sort_key desc,
                live.file desc, gpu_prices._row_number desc
        ) as listing_rank
    from {{ source('lake', 'gpu_prices') }} as gpu_prices
    inner join {{ ref('stg_lake__live_files') }} as live
        on
            gpu_prices._file = live.file
            and gpu_prices._dlt_load_id = live.load_id
            and live.source = 'gpu_prices'

)

select
    provider_key,
    accelerator,
    model_name,
    on_demand_per_hour,
    reserved_1y_per_hour,
    spot_per_hour,
    tokens_per_second,
    spot_interruptions_per_hour,
    effective_date as valid_from,
    coalesce(
        lead(effective_date) over (
            partition by provider_key, lower(accelerator), model_name
            order by effective_date
        ),
        cast('9999-12-31' as date)
    ) as valid_before
from listed
where listing_rank = 1
