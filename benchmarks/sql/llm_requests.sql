-- One day of calls, one row each: four self-hosted models and two behind an API.
-- Parameters: $day, $calls.
with calls as (
    select
        call,
        hash(call, cast($day as varchar)) as one,
        hash(call, cast($day as varchar), 1) as two,
        hash(call, cast($day as varchar)) % 6 as workload
    from range($calls) as calls (call)
)

select
    cast($day as timestamp) + to_microseconds(cast(call * (86400000000 // $calls) as bigint)) as timestamp,
    case workload when 4 then 'openai' when 5 then 'anthropic' else 'self_hosted' end as "gen_ai.provider.name",
    'chat' as "gen_ai.operation.name",
    case workload when 4 then 'gpt-4o' when 5 then 'claude-sonnet-4' else 'open-weights' end as "gen_ai.request.model",
    200 + one % 3000 as "gen_ai.usage.input_tokens",
    20 + two % 700 as "gen_ai.usage.output_tokens",
    case workload when 4 then one % 200 else 0 end as "gen_ai.usage.cache_read.input_tokens",
    0 as "gen_ai.usage.cache_creation.input_tokens",
    round(0.5 + two % 4000 / 1000.0, 3) as duration_s,
    case when workload < 4 then round(one % 90 / 1000.0, 3) end as queue_s,
    case when two % 200 = 0 then 'error' else 'ok' end as status,
    'model-' || cast(workload as varchar) as model_name,
    'v1' as model_version,
    '/serve' as endpoint,
    'team-' || cast(workload % 2 as varchar) as team,
    'feature-' || cast(workload as varchar) as feature
from calls
