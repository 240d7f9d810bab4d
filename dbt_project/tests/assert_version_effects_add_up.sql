-- Volume, intensity and rate are all of a change, to the last digit.
select *
from {{ ref('fct_version_changes') }}
where
    volume_effect_usd + intensity_effect_usd + rate_effect_usd
    is distinct from cost_after_usd - cost_before_usd
