-- Bursts of some series, day by day.
select
    unique_id,
    measure,
    date_day,
    burst_probability,
    expected_bursts,
    burst_threshold,
    expected_extra,
    peak_p95,
    peak_p99
from marts.gpu_burst_risk_daily
where unique_id in (select unnest($unique_ids))
order by unique_id, measure, date_day
