-- Cost by stage of life, as the charges' tags name it: training whole in the month it was paid for.
-- Beside it what came after the sunset that the registry names, whatever the tag says.
select
    cast(date_trunc('month', costs.date_day) as date) as month,
    costs.model_name,
    costs.model_version,
    costs.lifecycle_stage,
    cast(sum(costs.effective_cost_usd) as decimal(38, 12)) as cost_usd,
    cast(
        sum(
            case
                when costs.date_day > registry.sunset_date then costs.effective_cost_usd
                else 0
            end
        ) as decimal(38, 12)
    ) as after_sunset_cost_usd
from {{ ref('fct_model_cost_daily') }} as costs
left join {{ ref('stg_registry__model_versions') }} as registry
    on
        costs.model_name = registry.model_name
        and costs.model_version = registry.model_version
where costs.effective_cost_usd is not null
group by
    date_trunc('month', costs.date_day), costs.model_name, costs.model_version,
    costs.lifecycle_stage
