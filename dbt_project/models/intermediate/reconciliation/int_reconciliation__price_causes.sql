-- Why an invoiced line does not cost its tokens at the list price of the day, by the first of: that
-- price does explain it; another price does (int_reconciliation__price_matches); the line names a
-- tier; it is in another currency and near; a shared factor does. A line without a quantity that
-- nothing explains is for more or fewer tokens at list price. Parts add up exactly: billed =
-- value_usd + the causes.
with judged as (

    select
        lines.*,
        case
            when lines.lacks_rate then 'currency'
            when lines.supposed_usd is null and not lines.is_listed then 'no_price'
            when lines.supposed_usd is null then 'quantity'
            when not lines.is_off_list then 'unexplained'
            when not matches.has_factor then 'matched'
            when lines.is_named_tier and lines.is_counted then 'tier_or_discount'
            when
                lines.billing_currency <> 'USD' and lines.is_counted
                and abs(cast(lines.compared_usd as double) - cast(lines.supposed_usd as double))
                <= abs(cast(lines.supposed_usd as double)) * {{ var('reconciliation_rate_ratio') }}
                then 'currency'
            when matches.has_factor then 'matched'
            when not lines.is_counted and lines.per_mtok > 0 then 'quantity'
            else 'unexplained'
        end as cause,
        matches.listed_usd,
        matches.matched_usd
    from {{ ref('int_reconciliation__valued_lines') }} as lines
    left join {{ ref('int_reconciliation__price_matches') }} as matches
        on
            lines.charge_id = matches.charge_id
            and lines.bucket = matches.bucket

),

valued as (

    select
        *,
        case
            when cause = 'quantity' then compared_usd
            else coalesce(supposed_usd, 0)
        end as value_usd
    from judged

)

select
    month,
    provider_key,
    provider_model,
    bucket,
    charge_id,
    usage_key,
    token_type,
    is_untracked,
    billed_usd,
    value_usd,
    case
        when cause = 'quantity' and not is_counted
            then coalesce({{ decimal_ratio('compared_usd', 'per_mtok') }}, supposed_mtok)
        else supposed_mtok
    end as mtok,
    case when lacks_rate then 0 else prepaid_usd end as prepaid_usd,
    case when lacks_rate then 0 else discount_usd end
    + case
        when cause = 'tier_or_discount' then compared_usd - value_usd
        when cause = 'matched' then compared_usd - matched_usd
        else 0
    end as tier_or_discount_usd,
    case when cause = 'matched' then matched_usd - listed_usd else 0 end as stale_price_usd,
    case when cause = 'matched' then listed_usd - value_usd else 0 end as cache_tokens_usd,
    case
        when lacks_rate then billed_usd - value_usd
        when cause = 'currency' then compared_usd - value_usd
        else 0
    end as currency_usd,
    {% for other in ['no_price', 'unexplained'] %}
    case when cause = '{{ other }}' then compared_usd - value_usd else 0 end as {{ other }}_usd
    {{- ',' if not loop.last }}
    {% endfor %}
from valued
