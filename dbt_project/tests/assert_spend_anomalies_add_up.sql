{{ config(severity='error', meta={'owner': 'team:finops'}) }}

-- An anomaly's excess is its cost less its expectation, its effects add up to the excess to the
-- last digit, and it is at least as large as the thresholds say.
select
    date_day,
    model_name,
    model_version,
    endpoint,
    cost_component,
    concat(
        cast(date_day as varchar), ', ', model_name, ' ', model_version, ' at ', endpoint, ', ',
        cost_component, ': cost ', cast(cost_usd as varchar), ', expected ',
        cast(expected_usd as varchar), ', excess ', cast(excess_usd as varchar), ' USD = volume ',
        coalesce(cast(volume_effect_usd as varchar), '-'), ' + intensity ',
        coalesce(cast(intensity_effect_usd as varchar), '-'), ' + rate ',
        coalesce(cast(rate_effect_usd as varchar), '-')
    ) as message
from {{ ref('fct_spend_anomalies') }}
where
    cost_usd - expected_usd <> excess_usd
    or excess_usd < {{ var('anomaly_min_excess_usd') }}
    or (
        usage_basis = 'none'
        and coalesce(volume_effect_usd, intensity_effect_usd, rate_effect_usd) is not null
    )
    or (
        usage_basis <> 'none'
        and (
            coalesce(volume_effect_usd + intensity_effect_usd + rate_effect_usd <> excess_usd, true)
            or cast(cost_usd as double)
            < {{ var('anomaly_min_cost_ratio') }} * cast(expected_usd as double)
        )
    )
    or (is_valueless_spike and cause = 'new_resource')
