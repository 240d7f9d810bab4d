-- The other versions that the registry has of a version's model, as far as they can be gone to.
select
    usage.month,
    usage.model_name,
    usage.model_version,
    versions.model_version as alternative_version,
    versions.hosting,
    versions.provider_model,
    lower(versions.accelerator) as accelerator_key
from {{ ref('int_alternatives__usage') }} as usage
inner join {{ ref('stg_registry__model_versions') }} as versions
    on
        usage.model_name = versions.model_name
        and usage.model_version <> versions.model_version
where coalesce(versions.sunset_date > usage.last_used_day, true)
