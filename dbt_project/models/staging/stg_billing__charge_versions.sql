-- Every charge of every version of every billing file, also of versions that no longer count.
-- FOCUS requires EffectiveCost and ListCost; an export without them is taken at its billed cost.
with named as (

    select
        *,
        coalesce(
            nullif(trim(provider_name), ''),
            nullif(trim(service_provider_name), ''),
            nullif(trim(invoice_issuer_name), ''),
            'unattributed'
        ) as provider,
        {{ charge_last_day() }} as last_day
    from {{ source('lake', 'billing') }}

)

select
    -- ids
    concat(named._file, '#', cast(named._row_number as varchar)) as charge_id,
    named._file as file,
    named._delivery as delivery,
    named._dlt_load_id as load_id,
    named.provider,
    coalesce(aliases.canonical, lower(named.provider)) as provider_key,
    {{ or_unattributed("nullif(trim(named.billing_account_id), '')") }} as billing_account_id,
    {{ or_unattributed("nullif(trim(named.service_name), '')") }} as service_name,
    {{ or_unattributed("nullif(trim(named.resource_id), '')") }} as resource_id,
    nullif(trim(named.sub_account_id), '') as sub_account_id,
    -- strings
    upper(trim(named.billing_currency)) as billing_currency,
    lower(trim(named.charge_category)) as charge_category,
    lower(trim(named.charge_class)) as charge_class,
    lower(named.tags) as tags,
    {{ name_key('named.resource_id') }} as resource_key,
    {{ name_key('named.resource_name') }} as resource_name_key,
    {{ name_key('named.sku_meter') }} as sku_meter_key,
    {{ name_key('named.sku_id') }} as sku_id_key,
    {{ name_key('named.charge_description') }} as charge_description_key,
    -- numerics
    coalesce(named.billed_cost, 0) as billed_cost,
    coalesce(named.effective_cost, named.billed_cost, 0) as effective_cost,
    coalesce(named.list_cost, named.effective_cost, named.billed_cost, 0) as list_cost,
    coalesce(
        {{ million_tokens('named.consumed_quantity', 'named.consumed_unit') }},
        {{ million_tokens('named.pricing_quantity', 'named.pricing_unit') }}
    ) as consumed_mtok,
    coalesce({{ counts_no_tokens('named.consumed_unit') }}, false)
    or coalesce({{ counts_no_tokens('named.pricing_unit') }}, false) as is_counted_otherwise,
    -- timestamps and dates
    named.charge_period_start,
    named.charge_period_end,
    cast(named.billing_period_start as date) as billing_period_start,
    cast(named.billing_period_end as date) as billing_period_end,
    cast(named.charge_period_start as date) as first_day,
    named.last_day
from named
left join {{ ref('name_aliases') }} as aliases
    on
        lower(named.provider) = aliases.alias
        and aliases.kind = 'provider'
