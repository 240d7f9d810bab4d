-- One day of the bill: eight hosts by the hour, two vendors by the day, shared and classic services.
-- Parameters: $day.
with hours as (
    select cast($day as timestamp) + to_hours(hour) as hour_at
    from range(24) as hours (hour)
),

rows as (
    select
        'AWS' as "ProviderName", 'bench-1' as "BillingAccountId", 'Amazon EC2' as "ServiceName",
        'i-' || lpad(cast(host as varchar), 4, '0') as "ResourceId",
        cast(case when host < 4 then 31.44 else 21.92 end as decimal(20, 6)) as cost,
        hour_at as starts, hour_at + interval 1 hour as ends, 'Usage' as "ChargeCategory",
        'instance hours' as "ChargeDescription", null as "Tags"
    from hours cross join range(8) as hosts (host)
    union all
    select
        'AWS', 'bench-1', 'Amazon EKS', 'cluster-1', 1.9, hour_at, hour_at + interval 1 hour, 'Usage', 'cluster hours',
        '{"cost_component": "orchestration"}'
    from hours
    union all
    select
        'AWS', 'bench-1', 'Amazon S3', 'bucket-' || cast(bucket as varchar), 0.37, hour_at, hour_at + interval 1 hour,
        'Usage', 'storage', case when bucket % 3 = 0 then
            '{"model_name": "model-0", "model_version": "v1", "endpoint": "/serve", "team": "team-0"}' end
    from hours cross join range(40) as buckets (bucket)
    union all
    select
        'OpenAI', 'bench-2', 'API', null, 611.113333, cast($day as timestamp),
        cast($day as timestamp) + interval 1 day, 'Usage', 'gpt-4o usage', null
    union all
    select
        'Anthropic', 'bench-3', 'API', null, 402.77, cast($day as timestamp),
        cast($day as timestamp) + interval 1 day, 'Usage', 'claude-sonnet-4 usage', null
)

select
    "ProviderName", "BillingAccountId", 'USD' as "BillingCurrency", cost as "BilledCost", cost as "EffectiveCost",
    cost as "ListCost", date_trunc('month', cast($day as timestamp)) as "BillingPeriodStart",
    starts as "ChargePeriodStart", ends as "ChargePeriodEnd", "ChargeCategory", "ServiceName", "ResourceId",
    "ChargeDescription", "Tags"
from rows
