-- One row per model version: the newest delivery of it wins.
with entries as (

    select
        {{ name_key('registry.model_name') }} as model_name,
        {{ or_unattributed(name_key('registry.model_version')) }} as model_version,
        {{ name_key('registry.provider_model') }} as provider_model,
        {{ name_key('registry.hosting') }} as hosting,
        nullif(trim(registry.accelerator), '') as accelerator,
        {{ name_key('registry.stage') }} as stage,
        {{ name_key('registry.initiative') }} as initiative,
        {{ name_key('registry.parent_version') }} as parent_version,
        cast(registry.created_at as date) as created_date,
        cast(registry.deployed_at as date) as deployed_date,
        cast(registry.sunset_at as date) as sunset_date,
        row_number() over (
            partition by lower(trim(registry.model_name)), lower(trim(registry.model_version))
            order by
                live.load_id desc, live.delivery_sort_key desc, live.file desc,
                registry._row_number desc
        ) as entry_rank
    from {{ source('lake', 'model_registry') }} as registry
    inner join {{ ref('stg_lake__live_files') }} as live
        on
            registry._file = live.file
            and registry._dlt_load_id = live.load_id
            and live.source = 'model_registry'

)

select * exclude (entry_rank)
from entries
where entry_rank = 1
