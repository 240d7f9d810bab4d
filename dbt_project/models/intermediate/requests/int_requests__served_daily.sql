-- What each version served per day, endpoint and accelerator.
select
    date_day,
    model_name,
    model_version,
    endpoint,
    accelerator,
    cast(sum(requests) as bigint) as requests,
    cast(sum(successful_requests) as bigint) as successful_requests,
    cast(sum(input_tokens) as bigint) as input_tokens,
    cast(sum(output_tokens) as bigint) as output_tokens
from {{ ref('int_requests__by_accelerator') }}
group by date_day, model_name, model_version, endpoint, accelerator
