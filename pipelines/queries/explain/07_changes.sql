-- Changes from and to it, per day (fct_version_changes)
select
    from_version,
    to_version,
    cutover_date,
    basis,
    cost_before_usd,
    cost_after_usd,
    volume_effect_usd,
    intensity_effect_usd,
    rate_effect_usd,
    cost_per_request_ratio,
    value_per_day_before_usd,
    value_per_day_after_usd,
    quality_before,
    quality_after,
    is_cost_spike,
    is_justified
from fct_version_changes
where model_name = $model and $version in (from_version, to_version)
order by cutover_date
