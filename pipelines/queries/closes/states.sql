-- Every billing period, one row per currency, and where its close stands today: closed, due, or what
-- it waits for. A person may close a named period that is over although it waits.
select
    periods.provider_key,
    periods.billing_account_id,
    periods.billing_period_start,
    periods.billing_period_end,
    periods.billing_currency,
    periods.billed_cost,
    periods.effective_cost,
    periods.list_cost,
    periods.delivery,
    periods.delivery_load_id,
    periods.covered_until,
    periods.closable_from,
    case
        when closed_periods.provider_key is not null then 'closed'
        when periods.billing_period_end > $today then 'not over'
        when periods.closable_from <= $today and periods.has_final_delivery then 'due'
        when $anyway then 'due'
        when not periods.has_final_delivery then 'waits for its final delivery'
        else 'waits for late charges'
    end as state
from intermediate.int_closes__periods as periods
left join closed_periods
    on
        periods.provider_key = closed_periods.provider_key
        and periods.billing_account_id = closed_periods.billing_account_id
        and periods.billing_period_start = closed_periods.billing_period_start
where $month is null or date_trunc('month', periods.billing_period_start) = $month
order by all
