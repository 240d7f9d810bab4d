-- Models on a vendor's price list.
select distinct provider_model
from {{ ref('stg_prices__token_prices') }}
where provider_model is not null
