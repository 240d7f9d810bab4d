-- The newest days on which a version served and that the bill reaches: what it is like now.
select
    model_name,
    model_version,
    date_day,
    requests,
    total_tokens,
    direct_cost_usd
from (
    select
        *,
        row_number() over (
            partition by model_name, model_version order by date_day desc
        ) as nearness
    from {{ ref('int_versions__daily') }}
    where
        is_serving
        and date_day <= {{ as_of_day() }}
) as served
where nearness <= {{ var('version_window_days') }}
