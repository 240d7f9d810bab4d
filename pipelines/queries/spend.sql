-- All money of the published warehouse, and how much of it no rule could give to a model.
select
    count(*) as row_count,
    min(date_day) as first_day,
    max(date_day) as last_day,
    coalesce(sum(effective_cost_usd), 0) as spend_usd,
    coalesce(sum(effective_cost_usd) filter (where allocation_method = 'unattributed'), 0) as unattributed_usd,
    count(*) filter (where effective_cost_usd is null) as rows_without_usd
from marts.fct_model_cost_daily
