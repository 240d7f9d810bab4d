-- The initiative of a model all of whose registered versions agree on one.
select
    model_name,
    min(initiative) as initiative
from {{ ref('stg_registry__model_versions') }}
group by model_name
having min(initiative) = max(initiative)
