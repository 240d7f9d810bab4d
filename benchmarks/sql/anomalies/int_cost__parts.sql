select 'u' as charge_id, date_day, 'aws' as provider_key, 'a' as billing_account_id,
    'r' as resource_key, 'direct' as allocation_method, model_name, model_version,
    '/serve' as endpoint, 'deployment' as lifecycle_stage, 'api_tokens' as cost_component,
    cast(cost as decimal(38, 12)) as effective_cost_usd
from usage where cost > 0
