-- What a new version did to cost, value and quality. Cost per day = requests x tokens per request
-- x cost per token; the three effects are what each factor's change did, in that order, and the
-- rate takes the remainder, so that they add up to the change exactly.
{% set keys = ['model_name', 'from_version', 'to_version'] %}
{% set sides = [('before', 'not is_after'), ('after', 'is_after')] %}

with sides as (

    select
        {{ keys | join(', ') }},
        basis,
        {% for side, condition in sides %}
        sum(case when {{ condition }} then 1 else 0 end) as days_{{ side }},
        min(case when {{ condition }} then date_day end) as first_day_{{ side }},
        max(case when {{ condition }} then date_day end) as last_day_{{ side }},
        sum(case when {{ condition }} then requests else 0 end) as requests_{{ side }},
        sum(case when {{ condition }} then total_tokens else 0 end) as tokens_{{ side }},
        sum(case when {{ condition }} then direct_cost_usd else 0 end) as cost_{{ side }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_versions__change_days') }}
    group by {{ keys | join(', ') }}, basis

),

per_day as (

    select
        *,
        {% for side, _ in sides %}
        {{ decimal_ratio('cost_' ~ side, 'days_' ~ side) }} as cost_{{ side }}_usd,
        {{ decimal_ratio('requests_' ~ side, 'days_' ~ side) }} as requests_per_day_{{ side }},
        {{ decimal_ratio('tokens_' ~ side, 'requests_' ~ side) }} as tokens_per_request_{{ side }},
        {% endfor %}
        (cast(requests_after as double) / nullif(days_after, 0))
        / nullif(cast(requests_before as double) / nullif(days_before, 0), 0) as requests_ratio,
        (cast(tokens_after as double) / nullif(requests_after, 0))
        / nullif(cast(tokens_before as double) / nullif(requests_before, 0), 0)
            as tokens_per_request_ratio
    from sides

),

effects as (

    select
        *,
        cast(
            coalesce(cast(cost_before_usd as double) * (requests_ratio - 1), 0) as decimal(38, 12)
        ) as volume_effect_usd,
        cast(
            coalesce(
                cast(cost_before_usd as double) * requests_ratio * (tokens_per_request_ratio - 1), 0
            ) as decimal(38, 12)
        ) as intensity_effect_usd,
        {{ decimal_ratio(
            'cast(cost_after as double) / nullif(requests_after, 0)',
            'cast(cost_before as double) / nullif(requests_before, 0)'
        ) }} as cost_per_request_ratio,
        {{ decimal_ratio(
            'cast(cost_after as double) / nullif(tokens_after, 0)',
            'cast(cost_before as double) / nullif(tokens_before, 0)'
        ) }} as cost_per_mtok_ratio
    from per_day

),

joined as (

    select
        changes.model_name,
        changes.from_version,
        changes.to_version,
        changes.cutover_date,
        effects.basis,
        cast(effects.days_before as integer) as days_before,
        cast(effects.days_after as integer) as days_after,
        effects.cost_before_usd,
        effects.cost_after_usd,
        effects.volume_effect_usd,
        effects.intensity_effect_usd,
        cast(
            effects.cost_after_usd - effects.cost_before_usd - effects.volume_effect_usd
            - effects.intensity_effect_usd as decimal(38, 12)
        ) as rate_effect_usd,
        effects.requests_per_day_before,
        effects.requests_per_day_after,
        effects.tokens_per_request_before,
        effects.tokens_per_request_after,
        effects.cost_per_request_ratio,
        effects.cost_per_mtok_ratio,
        coalesce(worth.value_method, 'none') as value_method,
        {% for side, _ in sides %}
        {{ decimal_ratio('worth.value_' ~ side ~ '_usd', 'effects.days_' ~ side) }}
            as value_per_day_{{ side }}_usd,
        quality.quality_{{ side }},
        {% endfor %}
        coalesce(
            effects.cost_per_request_ratio >= {{ var('version_cost_spike_ratio') }}, false
        )
        or coalesce(effects.cost_per_mtok_ratio >= {{ var('version_cost_spike_ratio') }}, false)
            as is_cost_spike
    from {{ ref('int_versions__changes') }} as changes
    inner join effects
        on
            changes.model_name = effects.model_name
            and changes.from_version = effects.from_version
            and changes.to_version = effects.to_version
    left join {{ ref('int_versions__change_value') }} as worth
        on
            changes.model_name = worth.model_name
            and changes.from_version = worth.from_version
            and changes.to_version = worth.to_version
    left join {{ ref('int_versions__change_quality') }} as quality
        on
            changes.model_name = quality.model_name
            and changes.from_version = quality.from_version
            and changes.to_version = quality.to_version

)

select
    *,
    -- value per dollar did not fall; multiplied out, so that a side without cost needs no exception
    cast(value_per_day_after_usd as double) * cast(cost_before_usd as double)
    >= cast(value_per_day_before_usd as double) * cast(cost_after_usd as double) as is_justified
from joined
