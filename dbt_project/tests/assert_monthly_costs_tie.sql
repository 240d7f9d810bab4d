-- Each monthly view of cost holds all of the cost mart's effective cost.
with totals as (

    select
        'fct_model_cost_daily' as mart,
        cast(date_trunc('month', date_day) as date) as month,
        sum(effective_cost_usd) as cost_usd
    from {{ ref('fct_model_cost_daily') }}
    where effective_cost_usd is not null
    group by date_trunc('month', date_day)

),

views as (

    {% for mart in ['fct_portfolio_mix_monthly', 'fct_lifecycle_cost_monthly'] %}
    select
        '{{ mart }}' as mart,
        month,
        sum(cost_usd) as cost_usd
    from {{ ref(mart) }}
    group by month
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    views.mart,
    totals.month,
    totals.cost_usd,
    views.cost_usd as view_cost_usd
from totals
left join views
    on totals.month = views.month
where totals.cost_usd is distinct from views.cost_usd
