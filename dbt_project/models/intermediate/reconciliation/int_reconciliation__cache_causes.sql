{% set types = ['input', 'output', 'cache_read', 'cache_creation'] %}
{% set fit = 'cast(total_mtok as double) * ' ~ var('reconciliation_fit_ratio') %}
{% set caches = ['cache_read', 'cache_creation'] %}

-- What invoice and log make of cached tokens, at list price, in buckets where both name types. How
-- complete the log is, is read from output tokens, which nobody caches: the log's other types are
-- held against the invoice as if it were complete.
with billed as (

    select
        provider_key,
        provider_model,
        bucket,
        sum(case when is_untracked then value_usd else 0 end) as untracked_usd,
        sum(case when is_untracked then 0 else value_usd end) as tracked_usd,
        {% for type in types + ['any'] %}
        sum(case when not is_untracked and token_type = '{{ type }}' then mtok else 0 end)
            as {{ type }}_billed_mtok{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_reconciliation__price_causes') }}
    group by provider_key, provider_model, bucket

),

sides as (

    select
        buckets.month,
        buckets.provider_key,
        buckets.provider_model,
        buckets.bucket,
        buckets.is_untyped,
        buckets.total_mtok,
        buckets.estimated_usd,
        coalesce(billed.untracked_usd, 0) as untracked_usd,
        coalesce(billed.tracked_usd, 0) as tracked_usd,
        {% for type in types %}
        coalesce(buckets.{{ type }}_per_mtok, 0) as {{ type }}_per_mtok,
        cast(buckets.{{ type }}_mtok as double) as {{ type }}_mtok,
        cast(coalesce(billed.{{ type }}_billed_mtok, 0) as double) as {{ type }}_billed_mtok,
        {% endfor %}
        cast(coalesce(billed.any_billed_mtok, 0) as double)
        - cast(buckets.total_mtok as double) as any_surplus,
        coalesce(billed.output_billed_mtok, 0) > 0 and buckets.output_mtok > 0 as has_output,
        case
            when coalesce(billed.output_billed_mtok, 0) > 0 and buckets.output_mtok > 0
                then cast(billed.output_billed_mtok as double) / cast(buckets.output_mtok as double)
            else 1
        end as completeness
    from {{ ref('int_reconciliation__buckets') }} as buckets
    left join billed
        on
            buckets.provider_key = billed.provider_key
            and buckets.provider_model = billed.provider_model
            and buckets.bucket = billed.bucket

),

-- Surplus of the invoice over what the log would hold, were it complete.
surpluses as (

    select
        *,
        not is_untyped and total_mtok > 0 and tracked_usd <> 0 as has_types,
        abs(completeness - 1) <= {{ var('reconciliation_fit_ratio') }} as is_complete,
        input_billed_mtok - completeness * input_mtok as input_surplus,
        {% for cache in caches %}
        {{ cache }}_billed_mtok - completeness * {{ cache }}_mtok as {{ cache }}_surplus,
        greatest({{ cache }}_billed_mtok, completeness * {{ cache }}_mtok) as {{ cache }}_most
        {{- ',' if not loop.last }}
        {% endfor %}
    from sides

),

-- Tokens that one side counts as input and the other as cached: a tenth of the cached ones or more.
{% set moved = [
    ('cache_read', 'surpluses', 'input_surplus'),
    ('cache_creation', 'cache_read_moves', '(input_surplus - cache_read_moved)'),
] %}
{% for cache, relation, surplus in moved %}
{{ cache }}_moves as (

    select
        *,
        case
            when
                {{ cache }}_surplus * {{ surplus }} < 0
                and least(abs({{ cache }}_surplus), abs({{ surplus }})) >= 0.1 * {{ cache }}_most
                then least(abs({{ cache }}_surplus), abs({{ surplus }})) * sign({{ surplus }})
            else 0
        end as {{ cache }}_moved
    from {{ relation }}

),

{% endfor %}
left_over as (

    select
        *,
        input_surplus - cache_read_moved - cache_creation_moved as input_left,
        cache_read_surplus + cache_read_moved as cache_read_left,
        cache_creation_surplus + cache_creation_moved as cache_creation_left,
        -- what input would hold more if cached tokens were billed as input once more
        case
            when
                cache_read_billed_mtok > 0
                and abs(
                    input_surplus - cache_read_moved - cache_creation_moved - cache_read_billed_mtok
                )
                <= abs(
                    input_surplus - cache_read_moved - cache_creation_moved - cache_read_billed_mtok
                    - cache_creation_billed_mtok
                )
                then cache_read_billed_mtok
            else cache_read_billed_mtok + cache_creation_billed_mtok
        end as cached_mtok
    from cache_creation_moves

),

billed_twice as (

    select
        *,
        case
            when
                abs(input_left - cached_mtok)
                <= cached_mtok * case when is_complete then 0.1 else 0.5 end
                then case when is_complete then input_left else cached_mtok end
            else 0
        end as cached_again
    from left_over

),

judged as (

    select
        *,
        -- cached tokens that one side lacks and no surplus of input makes up for
        {% for cache in caches %}
        {{ token_cost(
            cache ~ '_moved', 'input_per_mtok - ' ~ cache ~ '_per_mtok'
        ) }}
        + case
            when abs({{ cache }}_left) >= 0.1 * {{ cache }}_most
                then {{ token_cost(cache ~ '_left', cache ~ '_per_mtok') }}
            else 0
        end
        +
        {% endfor %}
        {{ token_cost('cached_again', 'input_per_mtok') }} as cache_tokens_usd,
        case
            when
                is_complete and has_output
                and abs(input_left - cached_again)
                > {{ var('reconciliation_fit_ratio') }} * completeness * input_mtok
                then {{ token_cost('input_left - cached_again', 'input_per_mtok') }}
            else 0
        end as unexplained_usd
    from billed_twice

)

select
    month,
    provider_key,
    provider_model,
    bucket,
    is_untyped,
    untracked_usd,
    tracked_usd,
    estimated_usd,
    -- null where caches cannot be told
    case
        when has_types then cache_tokens_usd
        -- a line of all tokens that holds the cached ones once more, or not at all
        when is_untyped and cache_read_mtok > 2 * {{ fit }} and (
            abs(abs(any_surplus) - cache_read_mtok) <= {{ fit }}
            or abs(abs(any_surplus) - cache_read_mtok - cache_creation_mtok) <= {{ fit }}
        ) then tracked_usd - estimated_usd
    end as cache_tokens_usd,
    case when has_types then unexplained_usd else 0 end as unexplained_usd
from judged
