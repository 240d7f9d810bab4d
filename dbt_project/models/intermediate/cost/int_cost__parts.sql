{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_days('cost', 'date_day') }}"
) }}

{% set amounts = [
    'billed_cost', 'effective_cost', 'list_cost', 'billed_cost_usd', 'effective_cost_usd'
] %}

-- Every part of every charge, in exactly one step of the waterfall. The identity that a step found
-- (the workload) goes before the charge's own tags for model, version, endpoint and team;
-- everything else is the charge's own, then the registry's.
with divided as (

    select
        charge_id,
        date_day,
        case when is_held then 'gpu_time' else 'idle' end as allocation_method,
        model_name,
        model_version,
        endpoint,
        team,
        accelerator,
        {{ amounts | join(', ') }}
    from {{ ref('int_cost__gpu_time_parts') }}
    union all
    select
        charge_id,
        date_day,
        'token_share' as allocation_method,
        model_name,
        model_version,
        endpoint,
        team,
        'api' as accelerator,
        {{ amounts | join(', ') }}
    from {{ ref('int_cost__token_share_parts') }}
    union all
    select
        charge_id,
        date_day,
        'shared' as allocation_method,
        model_name,
        model_version,
        endpoint,
        team,
        cast(null as varchar) as accelerator,
        {{ amounts | join(', ') }}
    from {{ ref('int_cost__shared_parts') }}
    union all
    select
        days.charge_id,
        days.date_day,
        routes.allocation_method,
        days.model_name,
        days.model_version,
        days.endpoint,
        days.team,
        cast(null as varchar) as accelerator,
        {% for amount in amounts %}
        days.{{ amount }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_billing__charge_days') }} as days
    inner join {{ ref('int_cost__routes') }} as routes
        on
            days.charge_id = routes.charge_id
            and days.date_day = routes.date_day
            and routes.allocation_method in ('direct', 'unattributed')

),

identified as (

    select
        divided.charge_id,
        divided.date_day,
        days.billing_period_start,
        days.provider,
        days.provider_key,
        days.billing_account_id,
        days.billing_currency,
        days.service_name,
        days.resource_id,
        days.resource_key,
        divided.allocation_method,
        {{ or_unattributed('divided.model_name') }} as model_name,
        {{ or_unattributed('divided.model_version') }} as model_version,
        {% for key in ['endpoint', 'team'] %}
        {{ or_unattributed(
            "coalesce(nullif(divided." ~ key ~ ", 'unattributed'), days." ~ key ~ ")"
        ) }} as {{ key }},
        {% endfor %}
        {{ or_unattributed('days.environment') }} as environment,
        {{ or_unattributed('days.lifecycle_stage') }} as lifecycle_stage,
        coalesce(
            days.cost_component,
            case
                when divided.allocation_method in ('gpu_time', 'idle')
                    then case
                        when lower(divided.accelerator) = 'cpu' then 'cpu_compute'
                        else 'gpu_compute'
                    end
                when divided.allocation_method = 'token_share' then 'api_tokens'
            end,
            'unattributed'
        ) as cost_component,
        coalesce(
            days.initiative, versions.initiative, models.initiative, 'unattributed'
        ) as initiative,
        coalesce(
            names.accelerator,
            days.accelerator,
            nullif(divided.accelerator, 'unattributed'),
            'unattributed'
        ) as accelerator,
        {% for amount in amounts %}
        divided.{{ amount }}{{ ',' if not loop.last }}
        {% endfor %}
    from divided
    inner join {{ ref('int_billing__charge_days') }} as days
        on
            divided.charge_id = days.charge_id
            and divided.date_day = days.date_day
    left join {{ ref('int_gpu__accelerator_names') }} as names
        on days.accelerator = names.accelerator_key
    left join {{ ref('stg_registry__model_versions') }} as versions
        on
            divided.model_name = versions.model_name
            and coalesce(divided.model_version, 'unattributed') = versions.model_version
    left join {{ ref('int_registry__model_initiatives') }} as models
        on divided.model_name = models.model_name

)

select *
from identified
where
    true
    {{ affected_days_only('cost', 'date_day') }}
