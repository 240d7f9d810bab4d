-- Verdicts with what each version cost in the newest week and in the week before.
with weeks as (
    select
        model_name,
        model_version,
        sum(loaded_cost_usd) filter (where date_day > cast($last_day as date) - 7) as week_usd,
        sum(loaded_cost_usd) filter (where date_day <= cast($last_day as date) - 7)
            as week_before_usd
    from marts.fct_unit_economics_daily
    where date_day > cast($last_day as date) - 14 and date_day <= cast($last_day as date)
    group by model_name, model_version
)

select
    verdicts.model_name,
    verdicts.model_version,
    verdicts.verdict,
    verdicts.reasons,
    verdicts.next_step,
    verdicts.dollars_at_stake,
    verdicts.monthly_cost_usd,
    verdicts.monthly_value_usd,
    verdicts.value_method,
    verdicts.roi,
    verdicts.roi_low,
    verdicts.roi_high,
    coalesce(weeks.week_usd, 0) as week_usd,
    coalesce(weeks.week_before_usd, 0) as week_before_usd,
    coalesce(weeks.week_usd, 0) - coalesce(weeks.week_before_usd, 0) as change_usd
from marts.fct_model_verdicts as verdicts
left join weeks using (model_name, model_version)
order by
    case verdicts.verdict when 'eliminate' then 1 when 'optimize' then 2 else 3 end,
    verdicts.dollars_at_stake desc,
    verdicts.model_name,
    verdicts.model_version
