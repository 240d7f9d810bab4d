-- What is open, the dearest first.
select
    alert_key,
    kind,
    severity,
    subject,
    owner,
    team,
    started_on,
    started_on > cast($last_day as date) - 7 as is_new,
    amount_usd,
    cause,
    what_to_do
from marts.fct_alerts
order by severity = 'critical' desc, amount_usd desc nulls last, alert_key
