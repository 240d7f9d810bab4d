-- Series by the bursts to expect: totals first, then the most restless. What needs less than half a
-- GPU even then comes last.
with days as (
    select
        *,
        date_day < min(date_day) over (partition by unique_id, measure) + interval 7 days
            as is_first_week
    from marts.gpu_burst_risk_daily
)

select
    unique_id,
    measure,
    max(burst_probability) as highest_probability,
    max_by(date_day, burst_probability) as likeliest_day,
    sum(expected_bursts) filter (where is_first_week) as expected_7_days,
    sum(expected_bursts) as expected_bursts,
    max(peak_p95) as peak_p95,
    max(peak_p99) as peak_p99
from days
group by unique_id, measure
-- One measure of a series tells: GPUs where it has them.
qualify
    row_number() over (
        partition by unique_id
        order by case measure when 'gpus' then 1 when 'tokens' then 2 else 3 end
    ) = 1
order by
    starts_with(unique_id, 'accelerator:') desc,
    coalesce(measure = 'gpus' and max(days.peak_p99) < 0.5, false),
    highest_probability desc nulls last,
    expected_bursts desc nulls last,
    unique_id
limit $longest
