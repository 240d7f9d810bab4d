{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_days('cost', 'date_day') }}"
) }}

{% set counts = ['requests', 'successful_requests', 'input_tokens', 'output_tokens'] %}

-- Usage per 5 minutes and accelerator: the accelerator the call names, else `api` for a version a
-- vendor hosts, else by the workload's GPU time of the day, else the registry's, else `api` for a
-- model on a vendor's price list. Whole numbers whose sums are kept.
with usage as (

    select
        usage.date_day,
        usage.bucket_at,
        usage.model_name,
        usage.model_version,
        usage.endpoint,
        usage.accelerator,
        coalesce(responded.provider_model, requested.provider_model) is not null as is_priced,
        cast(sum(usage.requests) as bigint) as requests,
        cast(sum(case when usage.is_successful then usage.requests else 0 end) as bigint)
            as successful_requests,
        cast(sum(usage.input_tokens) as bigint) as input_tokens,
        cast(sum(usage.output_tokens) as bigint) as output_tokens,
        cast(sum(usage.duration_s_total) as decimal(28, 6)) as duration_s_total,
        cast(sum(usage.queue_s_total) as decimal(28, 6)) as queue_s_total
    from {{ ref('int_requests__five_minutes') }} as usage
    left join {{ ref('int_prices__priced_models') }} as responded
        on usage.response_model = responded.provider_model
    left join {{ ref('int_prices__priced_models') }} as requested
        on usage.request_model = requested.provider_model
    where
        true
        {{ affected_days_only('cost', 'usage.date_day') }}
    group by
        usage.date_day, usage.bucket_at, usage.model_name, usage.model_version, usage.endpoint,
        usage.accelerator,
        coalesce(responded.provider_model, requested.provider_model) is not null

),

known as (

    select
        usage.*,
        case
            when lower(usage.accelerator) = 'api' then 'api'
            when usage.accelerator is not null
                then coalesce(called.accelerator, usage.accelerator)
            when versions.hosting = 'api' then 'api'
        end as known_accelerator,
        coalesce(
            registered.accelerator, versions.accelerator, case when usage.is_priced then 'api' end
        ) as fallback_accelerator,
        coalesce(own_shares.endpoint, '*') as share_endpoint
    from usage
    left join {{ ref('stg_registry__model_versions') }} as versions
        on
            usage.model_name = versions.model_name
            and usage.model_version = versions.model_version
    left join {{ ref('int_gpu__accelerator_names') }} as called
        on lower(usage.accelerator) = called.accelerator_key
    left join {{ ref('int_gpu__accelerator_names') }} as registered
        on lower(versions.accelerator) = registered.accelerator_key
    left join (
        select distinct
            date_day,
            model_name,
            model_version,
            endpoint
        from {{ ref('int_gpu__accelerator_shares') }}
    ) as own_shares
        on
            usage.date_day = own_shares.date_day
            and usage.model_name = own_shares.model_name
            and usage.model_version = own_shares.model_version
            and usage.endpoint = own_shares.endpoint

),

resolved as (

    select
        known.date_day,
        known.bucket_at,
        known.model_name,
        known.model_version,
        known.endpoint,
        coalesce(
            known.known_accelerator, shares.accelerator, known.fallback_accelerator, 'unattributed'
        ) as accelerator,
        {% for count in counts %}
        case
            when shares.total_us is null then known.{{ count }}
            else {{ whole_share('known.' ~ count, 'shares.to_us', 'shares.total_us') }}
                - {{ whole_share('known.' ~ count, 'shares.from_us', 'shares.total_us') }}
        end as {{ count }},
        {% endfor %}
        {% for total in ['duration_s_total', 'queue_s_total'] %}
        cast(
            known.{{ total }} * case
                when shares.total_us is null then 1
                else cast(shares.held_us as double) / shares.total_us
            end as decimal(28, 6)
        ) as {{ total }}{{ ',' if not loop.last }}
        {% endfor %}
    from known
    left join {{ ref('int_gpu__accelerator_shares') }} as shares
        on
            known.known_accelerator is null
            and known.date_day = shares.date_day
            and known.model_name = shares.model_name
            and known.model_version = shares.model_version
            and known.share_endpoint = shares.endpoint

)

select
    date_day,
    bucket_at,
    model_name,
    model_version,
    endpoint,
    accelerator,
    {% for count in counts %}
    cast(sum({{ count }}) as bigint) as {{ count }},
    {% endfor %}
    cast(sum(duration_s_total) as decimal(28, 6)) as duration_s_total,
    cast(sum(queue_s_total) as decimal(28, 6)) as queue_s_total
from resolved
group by date_day, bucket_at, model_name, model_version, endpoint, accelerator
