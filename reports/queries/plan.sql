-- The capacity plan, each accelerator's term to decide on first: the one that the reserved price
-- commits to, else the forecast month.
select
    *,
    row_number() over (
        partition by accelerator
        order by
            reserved_gpus is null,
            coalesce(term = commitment, false) desc,
            term = 'month' desc,
            term_hours,
            term
    ) = 1 as is_decision,
    created_at + interval 1 hour as starts_at,
    -- Terms differ in length; money of one is compared over the days that are forecast.
    cast(saving_usd as double) / nullif(term_hours, 0) * 672 as saving_28_days_usd,
    cast(saving_usd as double) / nullif(cast(today_cost_usd as double), 0) as saving_ratio,
    cast(expected_cost_usd as double) / nullif(term_hours, 0) * 672 as cost_28_days_usd
from marts.gpu_capacity_plan
order by
    -- The most money first.
    max(expected_cost_usd) over (partition by accelerator) desc nulls last,
    accelerator,
    is_decision desc,
    term_hours,
    term
