-- Billing periods that new loads touch, by the charges of every version of the changed files.
select distinct
    charges.provider_key,
    charges.billing_account_id,
    charges.billing_period_start
from {{ ref('stg_billing__charge_versions') }} as charges
inner join {{ ref('int_refresh__changed_files') }} as changed
    on
        charges.file = changed.file
        and changed.source = 'billing'
