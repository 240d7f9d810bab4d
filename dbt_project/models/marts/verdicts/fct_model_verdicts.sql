-- Justify, optimize or eliminate: the gravest of the rules that speak, with all of its reasons. The
-- money at stake is that of the first reason: two reasons may be about the same dollars. Unmeasured
-- value comes last, since to measure it saves nothing by itself.
with weighed as (

    select
        *,
        case verdict when 'eliminate' then 1 when 'optimize' then 2 else 3 end as gravity
    from {{ ref('fct_verdict_reasons') }}

),

ranked as (

    select
        *,
        min(gravity) over (partition by model_name, model_version) as gravest
    from weighed

),

steps as (

    select
        *,
        row_number() over (
            partition by model_name, model_version
            order by
                case when rule = 'value_unmeasured' then 1 else 0 end asc,
                dollars_at_stake desc,
                rule asc
        ) as step_rank
    from ranked
    where gravity = gravest

),

verdicts as (

    select
        model_name,
        model_version,
        max(verdict) as verdict,
        {{ dbt.listagg('reason', "'; '", 'order by step_rank') }} as reasons,
        max(case when step_rank = 1 then dollars_at_stake end) as dollars_at_stake,
        max(case when step_rank = 1 then next_step end) as next_step
    from steps
    group by model_name, model_version

)

select
    verdicts.model_name,
    verdicts.model_version,
    verdicts.verdict,
    verdicts.reasons,
    cast(coalesce(worth.cost_usd, 0) as decimal(38, 12)) as monthly_cost_usd,
    worth.value_usd as monthly_value_usd,
    coalesce(worth.value_method, 'none') as value_method,
    case when worth.value_method = 'measured' then worth.roi end as roi,
    {{ decimal_ratio('worth.value_low_usd - worth.cost_usd', 'worth.cost_usd') }} as roi_low,
    {{ decimal_ratio('worth.value_high_usd - worth.cost_usd', 'worth.cost_usd') }} as roi_high,
    verdicts.dollars_at_stake,
    verdicts.next_step,
    {{ as_of_day() }} as as_of_date
from verdicts
left join {{ ref('int_value__by_period') }} as worth
    on
        verdicts.model_name = worth.model_name
        and verdicts.model_version = worth.model_version
        and worth.period_kind = 'trailing'
