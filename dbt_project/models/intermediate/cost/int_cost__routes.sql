-- The way of each charge-day through the waterfall: direct, gpu_time, token_share, shared,
-- unattributed. A step that has nothing to divide by passes the charge on.
with due as (

    select
        days.charge_id,
        days.date_day,
        days.provider_key,
        days.resource_key,
        days.model_name,
        days.cost_component,
        coalesce(
            by_resource.provider_model,
            by_resource_name.provider_model,
            by_sku_meter.provider_model,
            by_sku.provider_model,
            by_description.provider_model
        ) as provider_model,
        {{ token_type_named_in(
            "concat_ws(' ', days.sku_meter_key, days.sku_id_key, days.resource_name_key,"
            ~ " days.charge_description_key)"
        ) }} as token_type
    from {{ ref('int_billing__charge_days') }} as days
    {% for alias, column in [
        ('by_resource', 'resource_key'),
        ('by_resource_name', 'resource_name_key'),
        ('by_sku_meter', 'sku_meter_key'),
        ('by_sku', 'sku_id_key'),
        ('by_description', 'charge_description_key'),
    ] %}
    left join {{ ref('int_cost__vendor_models') }} as {{ alias }}
        on days.{{ column }} = {{ alias }}.charge_text
    {% endfor %}
    where
        true
        {{ affected_days_for('int_cost__parts', 'cost', 'days.date_day') }}

),

gpu_resources as (

    select distinct
        date_day,
        resource_key
    from {{ ref('int_gpu__resource_days') }}

),

vendor_usage as (

    select distinct
        date_day,
        provider_key,
        provider_model,
        token_type
    from {{ ref('int_requests__vendor_weights') }}

),

request_days as (

    select date_day
    from {{ ref('int_requests__daily') }}
    group by date_day
    having sum(requests) > 0

)

select
    due.charge_id,
    due.date_day,
    due.provider_model,
    due.token_type,
    case when own_usage.date_day is not null then due.provider_key else '*' end
        as usage_provider_key,
    case
        when due.model_name is not null then 'direct'
        when gpu_resources.date_day is not null then 'gpu_time'
        when own_usage.date_day is not null or any_usage.date_day is not null then 'token_share'
        when
            due.cost_component in ('orchestration', 'vector_database', 'embedding', 'cache')
            and request_days.date_day is not null
            then 'shared'
        else 'unattributed'
    end as allocation_method
from due
left join gpu_resources
    on
        due.date_day = gpu_resources.date_day
        and due.resource_key = gpu_resources.resource_key
left join vendor_usage as own_usage
    on
        due.date_day = own_usage.date_day
        and due.provider_model = own_usage.provider_model
        and due.token_type = own_usage.token_type
        and due.provider_key = own_usage.provider_key
left join vendor_usage as any_usage
    on
        due.date_day = any_usage.date_day
        and due.provider_model = any_usage.provider_model
        and due.token_type = any_usage.token_type
        and any_usage.provider_key = '*'
left join request_days
    on due.date_day = request_days.date_day
