-- Token prices with the days they hold; cached tokens cost an input token where no price is listed.
with listed as (

    select
        coalesce(aliases.canonical, lower(trim(prices.provider)), 'unattributed') as provider_key,
        {{ name_key('prices.provider_model') }} as provider_model,
        cast(prices.effective_from as date) as effective_date,
        coalesce(prices.input_per_mtok, 0) as input_per_mtok,
        coalesce(prices.output_per_mtok, 0) as output_per_mtok,
        coalesce(prices.cache_read_per_mtok, prices.input_per_mtok, 0) as cache_read_per_mtok,
        coalesce(prices.cache_creation_per_mtok, prices.input_per_mtok, 0)
            as cache_creation_per_mtok,
        row_number() over (
            partition by
                coalesce(aliases.canonical, lower(trim(prices.provider))),
                lower(trim(prices.provider_model)),
                cast(prices.effective_from as date)
            order by
                prices.effective_from desc, live.load_id desc, live.delivery_sort_key desc,
                live.file desc, prices._row_number desc
        ) as listing_rank
    from {{ source('lake', 'prices') }} as prices
    inner join {{ ref('stg_lake__live_files') }} as live
        on
            prices._file = live.file
            and prices._dlt_load_id = live.load_id
            and live.source = 'prices'
    left join {{ ref('name_aliases') }} as aliases
        on
            lower(trim(prices.provider)) = aliases.alias
            and aliases.kind = 'provider'

)

select
    provider_key,
    provider_model,
    input_per_mtok,
    output_per_mtok,
    cache_read_per_mtok,
    cache_creation_per_mtok,
    effective_date as valid_from,
    coalesce(
        lead(effective_date) over (
            partition by provider_key, provider_model
            order by effective_date
        ),
        cast('9999-12-31' as date)
    ) as valid_before
from listed
where listing_rank = 1
