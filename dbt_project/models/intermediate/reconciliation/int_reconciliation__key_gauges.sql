-- What each account, project and resource was invoiced for a model, and what the log has of the
-- model, in the tokens that can be held against each other: output tokens, which are the same on
-- both sides whatever became of the cached ones; else all tokens. A bill without quantities has
-- money for tokens.
with billed as (

    select
        buckets.month,
        lines.provider_key,
        lines.provider_model,
        buckets.bucket,
        lines.usage_key,
        min(case when lines.mtok is null then 0 else 1 end) as is_counted,
        {% for gauge, condition, price in [
            ('output', "lines.token_type = 'output' and not buckets.is_untyped", 'output_per_mtok'),
            ('total', 'true', 'any_per_mtok'),
        ] %}
        sum(
            case
                when {{ condition }}
                    then coalesce(
                        cast(lines.mtok as double),
                        cast(lines.list_cost_usd as double)
                        / nullif(cast(buckets.{{ price }} as double), 0)
                    )
            end
        ) as {{ gauge }}_mtok{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_reconciliation__lines') }} as lines
    inner join {{ ref('int_reconciliation__buckets') }} as buckets
        on
            lines.provider_key = buckets.provider_key
            and lines.provider_model = buckets.provider_model
            and buckets.month = cast(date_trunc('month', lines.date_day) as date)
            and (buckets.is_coarse or lines.date_day = buckets.bucket)
    where lines.line_kind = 'usage'
    group by
        buckets.month, lines.provider_key, lines.provider_model, buckets.bucket, lines.usage_key

),

billed_months as (

    select
        month,
        provider_key,
        provider_model,
        min(is_counted) = 1 as is_counted,
        coalesce(sum(output_mtok), 0) > 0 as has_output
    from billed
    group by month, provider_key, provider_model

),

logged as (

    select
        buckets.month,
        buckets.provider_key,
        buckets.provider_model,
        buckets.bucket,
        months.is_counted,
        cast(buckets.output_mtok as double) as output_mtok,
        cast(buckets.total_mtok as double) as total_mtok,
        cast(buckets.cache_read_mtok as double) as cache_read_mtok,
        sum(buckets.total_mtok) over month = 0 as is_silent,
        months.has_output and sum(buckets.output_mtok) over month > 0 as has_output
    from {{ ref('int_reconciliation__buckets') }} as buckets
    inner join billed_months as months
        on
            buckets.month = months.month
            and buckets.provider_key = months.provider_key
            and buckets.provider_model = months.provider_model
    window month as (
        partition by buckets.month, buckets.provider_key, buckets.provider_model
    )

)

select
    billed.month,
    billed.provider_key,
    billed.provider_model,
    billed.bucket,
    billed.usage_key,
    logged.is_counted,
    logged.is_silent,
    coalesce(case when logged.has_output then billed.output_mtok else billed.total_mtok end, 0)
        as mtok,
    case when logged.has_output then logged.output_mtok else logged.total_mtok end
        as logged_mtok,
    -- all tokens of a bill may hold the cached ones once more, or not at all
    case when logged.has_output then 0 else logged.cache_read_mtok end as cached_mtok
from billed
inner join logged
    on
        billed.provider_key = logged.provider_key
        and billed.provider_model = logged.provider_model
        and billed.bucket = logged.bucket
