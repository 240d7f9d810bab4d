-- The rules that speak (fct_verdict_reasons)
select
    rule,
    verdict,
    dollars_at_stake,
    reason,
    next_step
from fct_verdict_reasons
where model_name = $model and model_version = $version
order by case verdict when 'eliminate' then 1 when 'optimize' then 2 else 3 end, dollars_at_stake desc, rule
