-- The verdict on a version
select
    verdict,
    reasons,
    dollars_at_stake,
    next_step
from marts.fct_model_verdicts
where
    model_name = $model
    and model_version = $version
