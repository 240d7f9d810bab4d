-- Calls as delivered. Cache tokens are part of input tokens and reasoning tokens of output tokens
-- (OpenTelemetry), so nothing is added here.
select
    requests._file as file,
    requests._row_number as row_number,
    lower(trim(requests.gen_ai_provider_name)) as provider_name,
    {{ name_key('requests.gen_ai_request_model') }} as request_model,
    {{ name_key('requests.gen_ai_response_model') }} as response_model,
    {{ or_unattributed(name_key('requests.model_name')) }} as model_name,
    {{ or_unattributed(name_key('requests.model_version')) }} as model_version,
    {{ or_unattributed(name_key('requests.endpoint')) }} as endpoint,
    {{ or_unattributed(name_key('requests.team')) }} as team,
    {{ or_unattributed(name_key('requests.feature')) }} as feature,
    nullif(trim(requests.accelerator), '') as accelerator,
    {{ name_key('requests.status') }} as status,
    coalesce(requests.request_count, 1) as requests,
    coalesce(requests.gen_ai_usage_input_tokens, 0) as input_tokens,
    coalesce(requests.gen_ai_usage_output_tokens, 0) as output_tokens,
    coalesce(requests.gen_ai_usage_cache_read_input_tokens, 0) as cache_read_tokens,
    coalesce(requests.gen_ai_usage_cache_creation_input_tokens, 0) as cache_creation_tokens,
    cast(requests.duration_s as decimal(18, 6)) as duration_s,
    cast(requests.queue_s as decimal(18, 6)) as queue_s,
    requests.timestamp as requested_at,
    cast(requests.timestamp as date) as date_day
from {{ source('lake', 'llm_requests') }} as requests
inner join {{ ref('stg_lake__live_files') }} as live
    on
        requests._file = live.file
        and requests._dlt_load_id = live.load_id
        and live.source = 'llm_requests'
