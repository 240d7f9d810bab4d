-- Vendor models that a price list or the registry knows by name.
select provider_model
from {{ ref('stg_prices__token_prices') }}
where provider_model is not null
union
select provider_model
from {{ ref('stg_registry__model_versions') }}
where provider_model is not null
