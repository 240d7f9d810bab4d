-- Versions that took over in the newest week.
select
    model_name,
    from_version,
    to_version,
    cutover_date,
    cost_before_usd,
    cost_after_usd,
    cost_per_mtok_ratio,
    is_cost_spike,
    is_justified
from marts.fct_version_changes
where cutover_date > cast($last_day as date) - 7 and cutover_date <= cast($last_day as date)
order by cutover_date, model_name, to_version
