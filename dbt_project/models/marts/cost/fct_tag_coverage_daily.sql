-- What the charges' own tags say, before anything was allocated.
with identified as (

    select
        date_day,
        provider,
        service_name,
        effective_cost_usd,
        case
            when
                model_name is not null and model_version is not null
                and endpoint is not null and team is not null
                then 'full'
            when coalesce(model_name, model_version, endpoint, team) is not null then 'partial'
            else 'untagged'
        end as identity
    from {{ ref('int_billing__charge_days') }}

)

select
    date_day,
    provider,
    service_name,
    cast(coalesce(sum(effective_cost_usd), 0) as decimal(38, 12)) as cost_usd,
    {% for identity, column in [
        ('full', 'full_identity_cost_usd'),
        ('partial', 'partial_identity_cost_usd'),
        ('untagged', 'untagged_cost_usd'),
    ] %}
    cast(
        coalesce(sum(case when identity = '{{ identity }}' then effective_cost_usd end), 0)
        as decimal(38, 12)
    ) as {{ column }}{{ ',' if not loop.last }}
    {% endfor %}
from identified
group by date_day, provider, service_name
