-- Billing periods to build again: those that new loads touch, by the charges of every version of
-- the changed files, and those with charges in a currency whose rate of that day changed.
select distinct
    charges.provider_key,
    charges.billing_account_id,
    charges.billing_period_start
from {{ ref('stg_billing__charge_versions') }} as charges
inner join {{ ref('int_refresh__changed_files') }} as changed
    on
        charges.file = changed.file
        and changed.source = 'billing'
union
select distinct
    charges.provider_key,
    charges.billing_account_id,
    charges.billing_period_start
from {{ ref('stg_billing__charges') }} as charges
inner join {{ ref('int_currency__changed_days') }} as rates
    on
        charges.billing_currency = rates.currency
        and rates.date_day between charges.first_day and charges.last_day
where charges.billing_currency <> 'USD'
