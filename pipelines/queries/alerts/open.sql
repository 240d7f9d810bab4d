-- What is open, the dearest first.
select
    alert_key,
    kind,
    severity,
    subject,
    model_name,
    model_version,
    team,
    owner,
    started_on,
    amount_usd,
    cause,
    what_to_do
from marts.fct_alerts
order by amount_usd desc nulls last, alert_key
