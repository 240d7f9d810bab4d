-- What the same work would cost elsewhere, newest month (fct_build_vs_buy_monthly)
select
    month,
    alternative,
    basis,
    actual_cost_usd,
    alternative_cost_usd,
    saving_usd,
    break_even_utilization,
    break_even_mtok
from fct_build_vs_buy_monthly
where
    model_name = $model and model_version = $version
    and month = (
        select max(month)
        from fct_build_vs_buy_monthly
        where model_name = $model and model_version = $version
    )
order by saving_usd desc nulls last, alternative
