-- Spend of the window, and how much of it no rule could give to a model.
select
    sum(effective_cost_usd) as cost_usd,
    sum(effective_cost_usd) filter (where allocation_method = 'unattributed') as unattributed_usd,
    sum(effective_cost_usd) filter (where allocation_method = 'unattributed')
    / nullif(sum(effective_cost_usd), 0) as unattributed_share
from marts.fct_model_cost_daily
where date_day between $first_day and $last_day
