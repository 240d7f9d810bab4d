-- Every model version that the registry, the bill or the calls know.
with seen as (

    select
        model_name,
        model_version,
        min(date_day) as first_day,
        max(date_day) as last_day
    from {{ ref('fct_unit_economics_daily') }}
    group by model_name, model_version

),

billed as (

    select
        model_name,
        model_version,
        min(date_day) as first_billed_day,
        max(date_day) as last_billed_day
    from {{ ref('fct_model_cost_daily') }}
    group by model_name, model_version

),

keys as (

    select
        model_name,
        model_version
    from seen
    union
    select
        model_name,
        model_version
    from billed
    union
    select
        model_name,
        model_version
    from {{ ref('stg_registry__model_versions') }}

)

select
    keys.model_name,
    keys.model_version,
    registry.model_name is not null as is_registered,
    {{ or_unattributed('registry.provider_model') }} as provider_model,
    {{ or_unattributed('registry.hosting') }} as hosting,
    coalesce(names.accelerator, registry.accelerator, 'unattributed') as accelerator,
    {{ or_unattributed('registry.stage') }} as stage,
    {{ or_unattributed('registry.initiative') }} as initiative,
    registry.parent_version,
    registry.created_date,
    registry.deployed_date,
    registry.sunset_date,
    seen.first_day as first_active_date,
    seen.last_day as last_active_date,
    billed.first_billed_day as first_billed_date,
    billed.last_billed_day as last_billed_date,
    life.last_call_day as last_call_date,
    life.last_busy_day as last_busy_date,
    life.zombie_reason is not null as is_zombie,
    life.zombie_reason
from keys
left join {{ ref('stg_registry__model_versions') }} as registry
    on
        keys.model_name = registry.model_name
        and keys.model_version = registry.model_version
left join {{ ref('int_gpu__accelerator_names') }} as names
    on lower(registry.accelerator) = names.accelerator_key
left join seen
    on
        keys.model_name = seen.model_name
        and keys.model_version = seen.model_version
left join billed
    on
        keys.model_name = billed.model_name
        and keys.model_version = billed.model_version
left join {{ ref('int_versions__life') }} as life
    on
        keys.model_name = life.model_name
        and keys.model_version = life.model_version
