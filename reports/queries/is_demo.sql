-- Whether all money is the demo company's, whose billing accounts all start with demo-.
select coalesce(bool_and(starts_with(billing_account_id, 'demo-')), false) as is_demo
from marts.fct_model_cost_daily
