{% set affected_periods = ref('int_refresh__affected_periods') %}

{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{% if is_incremental() %}delete from {{ this }} where exists (
        select 1 from {{ ref('int_refresh__affected_periods') }} as periods
        where periods.provider_key = {{ this }}.provider_key
            and periods.billing_account_id = {{ this }}.billing_account_id
            and periods.billing_period_start = {{ this }}.billing_period_start
    ){% endif %}"
) }}

-- The charges that count (newest delivery of their period), one row per charge and UTC day. Usage
-- is spread by overlapping time; the days of a charge add up to it exactly.
with charges as (

    select
        charges.*,
        identities.model_name,
        identities.model_version,
        identities.endpoint,
        identities.team,
        identities.environment,
        identities.lifecycle_stage,
        identities.cost_component,
        identities.initiative,
        identities.accelerator
    from {{ ref('stg_billing__charges') }} as charges
    inner join {{ ref('int_billing__deliveries') }} as deliveries
        on
            charges.provider_key = deliveries.provider_key
            and charges.billing_account_id = deliveries.billing_account_id
            and charges.billing_period_start = deliveries.billing_period_start
            and charges.delivery = deliveries.delivery
            and deliveries.owned_day = {{ owned_day('charges.first_day') }}
            and deliveries.delivery_rank = 1
    left join {{ ref('int_billing__identities') }} as identities
        on charges.tags = identities.tags
    {% if is_incremental() %}
    inner join {{ affected_periods }} as periods
        on
            charges.provider_key = periods.provider_key
            and charges.billing_account_id = periods.billing_account_id
            and charges.billing_period_start = periods.billing_period_start
    {% endif %}

),

one_day as (

    select
        charge_id,
        first_day as date_day,
        billed_cost,
        effective_cost,
        list_cost,
        consumed_mtok
    from charges
    where first_day = last_day

),

several_days as (

    select
        charge_id,
        charge_period_start,
        charge_period_end,
        billed_cost,
        effective_cost,
        list_cost,
        consumed_mtok,
        cast({{ each_step('first_day', 'last_day', '1 day') }} as date) as date_day
    from charges
    where first_day < last_day

),

day_overlaps as (

    select
        charge_id,
        date_day,
        billed_cost,
        effective_cost,
        list_cost,
        consumed_mtok,
        {{ micros_between(
            "greatest(charge_period_start, cast(date_day as timestamp))",
            "least(charge_period_end, cast(date_day as timestamp) + interval '1 day')"
        ) }} as overlap_us
    from several_days

),

spread as (

    {{ split_exactly(
        'day_overlaps',
        group_by=['charge_id'],
        weight='overlap_us',
        tie_break=['date_day'],
        amounts=['billed_cost', 'effective_cost', 'list_cost', 'consumed_mtok']
    ) }}

),

days as (

    select
        charge_id,
        date_day,
        billed_cost,
        effective_cost,
        list_cost,
        consumed_mtok
    from one_day
    union all
    select
        charge_id,
        date_day,
        billed_cost,
        effective_cost,
        list_cost,
        consumed_mtok
    from spread

)

select
    days.charge_id,
    days.date_day,
    charges.billing_period_start,
    charges.billing_period_end,
    charges.provider,
    charges.provider_key,
    charges.billing_account_id,
    charges.service_name,
    charges.resource_id,
    charges.sub_account_id,
    charges.resource_key,
    charges.resource_name_key,
    charges.sku_meter_key,
    charges.sku_id_key,
    charges.charge_description_key,
    charges.charge_category,
    charges.charge_class,
    charges.is_counted_otherwise,
    charges.first_day < charges.last_day as spans_days,
    charges.billing_currency,
    charges.model_name,
    charges.model_version,
    charges.endpoint,
    charges.team,
    charges.environment,
    charges.lifecycle_stage,
    charges.cost_component,
    charges.initiative,
    charges.accelerator,
    days.billed_cost,
    days.effective_cost,
    days.list_cost,
    days.consumed_mtok,
    {{ to_usd('days.billed_cost', 'charges.billing_currency', 'rates.usd_rate') }}
        as billed_cost_usd,
    {{ to_usd('days.effective_cost', 'charges.billing_currency', 'rates.usd_rate') }}
        as effective_cost_usd
from days
inner join charges
    on days.charge_id = charges.charge_id
left join {{ ref('int_currency__rates') }} as rates
    on
        charges.billing_currency = rates.currency
        and days.date_day = rates.date_day
