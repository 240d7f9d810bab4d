{{ config(severity='error', meta={'owner': 'team:finops'}) }}

-- A delivery replaces the whole billing period. One that covers fewer charge days than the delivery
-- it replaces, or fewer than half of its days (a period cut into several deliveries), would
-- silently drop money, so it blocks until a fuller delivery comes, the days are declared to be
-- owned by files (var billing_delivery: file_per_day), or a person accepts it (var
-- accepted_deliveries).
-- depends_on: {{ ref('fct_model_cost_daily') }}
with compared_deliveries as (

    select
        provider_key,
        billing_account_id,
        billing_period_start,
        delivery,
        delivery_rank
    from {{ ref('int_billing__deliveries') }}
    where
        delivery_rank <= 2
        and is_complete
        and '{{ var("billing_delivery") }}' <> 'file_per_day'

),

charges as (

    select
        held.provider_key,
        held.billing_account_id,
        held.billing_period_start,
        held.delivery_rank,
        charges.first_day,
        charges.last_day,
        charges.billing_currency,
        sum(charges.billed_cost) as billed_cost
    from {{ ref('stg_billing__charges') }} as charges
    inner join compared_deliveries as held
        on
            charges.provider_key = held.provider_key
            and charges.billing_account_id = held.billing_account_id
            and charges.billing_period_start = held.billing_period_start
            and charges.delivery = held.delivery
    group by
        held.provider_key, held.billing_account_id, held.billing_period_start, held.delivery_rank,
        charges.first_day, charges.last_day, charges.billing_currency

),

covered as (

    select distinct
        provider_key,
        billing_account_id,
        billing_period_start,
        delivery_rank,
        cast({{ each_step('first_day', 'last_day', '1 day') }} as date) as date_day
    from charges

),

days as (

    select
        replaced.provider_key,
        replaced.billing_account_id,
        replaced.billing_period_start,
        count(*) as replaced_days,
        count(newest.date_day) as kept_days
    from covered as replaced
    left join covered as newest
        on
            replaced.provider_key = newest.provider_key
            and replaced.billing_account_id = newest.billing_account_id
            and replaced.billing_period_start = newest.billing_period_start
            and replaced.date_day = newest.date_day
            and newest.delivery_rank = 1
    where replaced.delivery_rank = 2
    group by
        replaced.provider_key, replaced.billing_account_id, replaced.billing_period_start

),

newest_days as (

    select
        provider_key,
        billing_account_id,
        billing_period_start,
        count(*) as newest_days
    from covered
    where delivery_rank = 1
    group by provider_key, billing_account_id, billing_period_start

),

at_stake as (

    select
        replaced.provider_key,
        replaced.billing_account_id,
        replaced.billing_period_start,
        min(replaced.billing_currency) as billing_currency,
        sum(replaced.billed_cost) as billed_cost
    from charges as replaced
    left join covered as newest
        on
            replaced.provider_key = newest.provider_key
            and replaced.billing_account_id = newest.billing_account_id
            and replaced.billing_period_start = newest.billing_period_start
            and replaced.first_day = newest.date_day
            and newest.delivery_rank = 1
    where replaced.delivery_rank = 2 and newest.date_day is null
    group by
        replaced.provider_key, replaced.billing_account_id, replaced.billing_period_start

)

select
    days.provider_key,
    days.billing_account_id,
    days.billing_period_start,
    newest.delivery as newest_delivery,
    replaced.delivery as replaced_delivery,
    newest_days.newest_days,
    days.replaced_days,
    days.kept_days,
    at_stake.billed_cost as billed_cost_at_stake,
    concat(
        'billing delivery "', newest.delivery, '" covers ',
        cast(newest_days.newest_days as varchar), ' charge days of ', days.provider_key,
        ', account ', days.billing_account_id, ', period ',
        cast(days.billing_period_start as varchar), '; "', replaced.delivery,
        '", which it would replace, covers ', cast(days.replaced_days as varchar), '. At stake: ',
        coalesce(cast(cast(at_stake.billed_cost as decimal(38, 2)) as varchar), '0.00'), ' ',
        coalesce(at_stake.billing_currency, ''), ' billed on the days it lacks. Deliver the whole',
        ' period, or set billing_delivery: file_per_day, or add "', newest.delivery,
        '" to accepted_deliveries in dbt_project/dbt_project.yml.'
    ) as message
from days
inner join newest_days
    on
        days.provider_key = newest_days.provider_key
        and days.billing_account_id = newest_days.billing_account_id
        and days.billing_period_start = newest_days.billing_period_start
inner join compared_deliveries as newest
    on
        days.provider_key = newest.provider_key
        and days.billing_account_id = newest.billing_account_id
        and days.billing_period_start = newest.billing_period_start
        and newest.delivery_rank = 1
inner join compared_deliveries as replaced
    on
        days.provider_key = replaced.provider_key
        and days.billing_account_id = replaced.billing_account_id
        and days.billing_period_start = replaced.billing_period_start
        and replaced.delivery_rank = 2
left join at_stake
    on
        days.provider_key = at_stake.provider_key
        and days.billing_account_id = at_stake.billing_account_id
        and days.billing_period_start = at_stake.billing_period_start
where
    (newest_days.newest_days < days.replaced_days or 2 * days.kept_days < days.replaced_days)
    {% for delivery in var('accepted_deliveries') %}
    and newest.delivery <> '{{ delivery | replace("'", "''") }}'
    {% endfor %}
