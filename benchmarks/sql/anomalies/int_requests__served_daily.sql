select date_day, model_name, model_version, '/serve' as endpoint,
    cast(round(requests) as bigint) as requests,
    cast(round(tokens) as bigint) as input_tokens, cast(0 as bigint) as output_tokens
from usage where requests > 0
