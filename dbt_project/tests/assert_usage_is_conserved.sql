{{ config(severity='error', meta={'owner': 'team:finops'}) }}

-- Calls and tokens arrive whole: as many in the unit economics as were counted from the requests.
with counted as (

    select
        date_day,
        sum(requests) as requests,
        sum(input_tokens + output_tokens) as tokens
    from {{ ref('int_requests__five_minutes') }}
    group by date_day

),

published as (

    select
        date_day,
        sum(requests) as requests,
        sum(total_tokens) as tokens
    from {{ ref('fct_unit_economics_daily') }}
    group by date_day

)

select
    coalesce(counted.date_day, published.date_day) as date_day,
    concat(
        cast(coalesce(counted.date_day, published.date_day) as varchar), ': counted ',
        cast(coalesce(counted.requests, 0) as varchar), ' calls and ',
        cast(coalesce(counted.tokens, 0) as varchar), ' tokens, published ',
        cast(coalesce(published.requests, 0) as varchar), ' and ',
        cast(coalesce(published.tokens, 0) as varchar)
    ) as message
from counted
full outer join published
    on counted.date_day = published.date_day
where
    coalesce(counted.requests, 0) <> coalesce(published.requests, 0)
    or coalesce(counted.tokens, 0) <> coalesce(published.tokens, 0)
