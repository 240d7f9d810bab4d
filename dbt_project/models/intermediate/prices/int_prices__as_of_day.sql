-- The list price of each used vendor model on each day it was used: the provider's own, else that
-- of any provider that lists the model.
with used as (

    select distinct
        date_day,
        provider_key,
        provider_model
    from {{ ref('int_requests__daily') }}
    where provider_model is not null

),

candidates as (

    select
        used.date_day,
        used.provider_key,
        used.provider_model,
        prices.input_per_mtok,
        prices.output_per_mtok,
        prices.cache_read_per_mtok,
        prices.cache_creation_per_mtok,
        row_number() over (
            partition by used.date_day, used.provider_key, used.provider_model
            order by
                case when prices.provider_key = used.provider_key then 0 else 1 end,
                prices.provider_key
        ) as candidate_rank
    from used
    inner join {{ ref('stg_prices__token_prices') }} as prices
        on
            used.provider_model = prices.provider_model
            and used.date_day >= prices.valid_from
            and used.date_day < prices.valid_before

)

select
    date_day,
    provider_key,
    provider_model,
    input_per_mtok,
    output_per_mtok,
    cache_read_per_mtok,
    cache_creation_per_mtok
from candidates
where candidate_rank = 1
