{% set types = ['input', 'output', 'cache_read', 'cache_creation'] %}

-- Each invoiced line of a vendor's model at the list price of its day. `compared_usd` is the amount
-- of the line that list price should explain: what was billed if it does, else what the line cost
-- before a prepayment (EffectiveCost), else before the vendor's own discount (ListCost).
with lines as (

    select
        buckets.month,
        lines.provider_key,
        lines.provider_model,
        buckets.bucket,
        lines.charge_id,
        lines.usage_key,
        lines.is_named_tier,
        lines.billing_currency,
        case when buckets.is_untyped then 'any' else lines.token_type end as token_type,
        count(lines.billed_cost_usd) < count(*) as lacks_rate,
        cast(coalesce(sum(lines.billed_cost_usd), 0) as decimal(38, 12)) as billed_usd,
        cast(coalesce(sum(lines.effective_cost_usd), 0) as decimal(38, 12)) as effective_usd,
        cast(coalesce(sum(lines.list_cost_usd), 0) as decimal(38, 12)) as list_usd,
        cast(sum(lines.mtok) as decimal(38, 12)) as mtok
    from {{ ref('int_reconciliation__lines') }} as lines
    inner join {{ ref('int_reconciliation__buckets') }} as buckets
        on
            lines.provider_key = buckets.provider_key
            and lines.provider_model = buckets.provider_model
            and buckets.month = cast(date_trunc('month', lines.date_day) as date)
            and (buckets.is_coarse or lines.date_day = buckets.bucket)
    where lines.line_kind = 'usage'
    group by
        buckets.month, lines.provider_key, lines.provider_model, buckets.bucket, lines.charge_id,
        lines.usage_key, lines.is_named_tier, lines.billing_currency,
        case when buckets.is_untyped then 'any' else lines.token_type end

),

priced as (

    select
        lines.*,
        buckets.price_provider_key is not null as is_listed,
        buckets.is_coarse,
        case lines.token_type
            {% for type in types + ['any'] %}
            when '{{ type }}' then buckets.{{ type }}_per_mtok
            {% endfor %}
        end as per_mtok,
        case lines.token_type
            {% for type in types %}
            when '{{ type }}' then buckets.{{ type }}_mtok
            {% endfor %}
            else buckets.total_mtok
        end as logged_mtok,
        case lines.token_type
            {% for type in types %}
            when '{{ type }}' then buckets.{{ type }}_estimated_usd
            {% endfor %}
            else buckets.estimated_usd
        end as logged_usd,
        untracked.usage_key is not null as is_untracked,
        sum(case when untracked.usage_key is null then lines.mtok end) over cell as counted_mtok,
        sum(
            case
                when lines.mtok is null and untracked.usage_key is null then abs(lines.list_usd)
                else 0
            end
        ) over cell as uncounted_usd,
        sum(case when lines.mtok is null and untracked.usage_key is null then 1 else 0 end)
            over cell as uncounted_lines
    from lines
    inner join {{ ref('int_reconciliation__buckets') }} as buckets
        on
            lines.provider_key = buckets.provider_key
            and lines.provider_model = buckets.provider_model
            and lines.bucket = buckets.bucket
    left join {{ ref('int_reconciliation__untracked_keys') }} as untracked
        on
            lines.month = untracked.month
            and lines.provider_key = untracked.provider_key
            and lines.provider_model = untracked.provider_model
            and lines.usage_key = untracked.usage_key
    window cell as (
        partition by lines.provider_key, lines.provider_model, lines.bucket, lines.token_type
    )

),

-- A line without a quantity is first taken to be for its share of the tokens that the log has; one
-- of an untracked key, of which the log has none, for what its money buys at list price.
quantified as (

    select
        *,
        mtok is not null as is_counted,
        cast(
            case
                when mtok is not null then mtok
                when is_untracked
                    then coalesce({{ decimal_ratio('list_usd', 'per_mtok') }}, 0)
                when uncounted_lines = 1 then greatest(logged_mtok - coalesce(counted_mtok, 0), 0)
                else
                    cast(greatest(logged_mtok - coalesce(counted_mtok, 0), 0) as decimal(24, 12))
                    * cast(
                        case
                            when uncounted_usd > 0
                                then {{ decimal_ratio('abs(list_usd)', 'uncounted_usd') }}
                            else {{ decimal_ratio('1', 'uncounted_lines') }}
                        end as decimal(13, 12)
                    )
            end as decimal(38, 12)
        ) as supposed_mtok
    from priced

),

valued as (

    select
        *,
        case
            when per_mtok is null then null
            when not is_counted and is_untracked then list_usd
            when supposed_mtok = logged_mtok then logged_usd
            else {{ token_cost('supposed_mtok', 'per_mtok') }}
        end as supposed_usd
    from quantified

),

compared as (

    select
        *,
        case
            when {{ is_same_money('billed_usd', 'supposed_usd') }} then 'billed'
            when {{ is_same_money('effective_usd', 'supposed_usd') }} or list_usd = 0
                then 'effective'
            else 'list'
        end as compared_cost
    from valued

),

parts as (

    select
        *,
        case compared_cost
            when 'billed' then billed_usd
            when 'effective' then effective_usd
            else list_usd
        end as compared_usd,
        case compared_cost when 'billed' then 0 else billed_usd - effective_usd end as prepaid_usd,
        case compared_cost when 'list' then effective_usd - list_usd else 0 end as discount_usd
    from compared

)

select
    month,
    provider_key,
    provider_model,
    bucket,
    charge_id,
    usage_key,
    token_type,
    is_named_tier,
    is_listed,
    is_coarse,
    is_counted,
    is_untracked,
    lacks_rate,
    billing_currency,
    logged_mtok,
    supposed_mtok,
    supposed_usd,
    per_mtok,
    billed_usd,
    compared_usd,
    prepaid_usd,
    discount_usd,
    not lacks_rate
    and not {{ is_same_money('compared_usd', 'supposed_usd') }} as is_off_list
from parts
