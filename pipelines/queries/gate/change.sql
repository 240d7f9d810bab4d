-- What one version did to the cost and value of another
select
    basis,
    cost_per_request_ratio,
    cost_per_mtok_ratio,
    is_cost_spike,
    is_justified,
    cast(intensity_effect_usd + rate_effect_usd as decimal(38, 12)) as excess_per_day_usd
from marts.fct_version_changes
where
    model_name = $model
    and from_version = $against
    and to_version = $version
