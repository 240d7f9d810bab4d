-- Days on which a series cost far more than its past explains, why, and what was got for it.
with compared as (

    select
        flagged.*,
        evidence.value_method,
        cast(flagged.cost_usd as double) as cost,
        cast(flagged.expected_usd as double) as expected,
        evidence.requests,
        evidence.expected_requests,
        evidence.tokens,
        evidence.expected_tokens,
        evidence.gpu_hours,
        evidence.expected_gpu_hours,
        evidence.value,
        case when evidence.expected_value > 0 then evidence.expected_value end as expected_value,
        case
            when flagged.is_new then 'none'
            when evidence.requests is not null
                and (evidence.requests > 0 or evidence.expected_requests > 0)
                then 'requests'
            when evidence.gpu_hours is not null
                and (evidence.gpu_hours > 0 or evidence.expected_gpu_hours > 0)
                then 'gpu_hours'
            else 'none'
        end as usage_basis
    from {{ ref('int_spend__flagged_days') }} as flagged
    left join {{ ref('int_spend__flagged_evidence') }} as evidence
        on
            flagged.series_id = evidence.series_id
            and flagged.date_day = evidence.date_day

),

ratios as (

    select
        *,
        case when expected > 0 then cost / expected end as cost_ratio,
        case when expected_requests > 0 then requests / expected_requests end as request_ratio,
        case when expected_tokens > 0 then tokens / expected_tokens end as token_ratio,
        case when expected_gpu_hours > 0 then gpu_hours / expected_gpu_hours end as gpu_ratio,
        value / expected_value - 1 as value_change
    from compared

),

-- Cost = requests x tokens per request x cost per token (GPU-hours x cost per GPU-hour). In the
-- expected day's money: volume is what the calls did, intensity what the tokens did beyond it.
effects as (

    select
        *,
        case usage_basis
            -- used where nothing was used before: there is no earlier price to compare with
            when 'requests' then coalesce(expected * (request_ratio - 1), cost - expected)
            when 'gpu_hours' then coalesce(expected * (gpu_ratio - 1), cost - expected)
        end as volume_effect,
        case
            when usage_basis = 'requests'
                then coalesce(expected * (token_ratio - request_ratio), 0)
            when usage_basis = 'gpu_hours' then 0
        end as intensity_effect
    from ratios

),

rounded as (

    select
        *,
        cast(cast(volume_effect as decimal(38, 6)) as decimal(38, 12)) as volume_effect_usd,
        cast(cast(intensity_effect as decimal(38, 6)) as decimal(38, 12)) as intensity_effect_usd
    from effects

),

explained as (

    select
        *,
        cast(excess_usd - volume_effect_usd - intensity_effect_usd as decimal(38, 12))
            as rate_effect_usd,
        -- value, else calls as its stand-in; with neither, nothing moved
        coalesce(value_change, request_ratio - 1, 0) as evidence_change
    from rounded

)

select
    date_day,
    model_name,
    model_version,
    endpoint,
    cost_component,
    cost_usd,
    expected_usd,
    excess_usd,
    cast(cost_ratio as decimal(38, 12)) as cost_ratio,
    sigma_usd,
    sigmas,
    usage_basis,
    volume_effect_usd,
    intensity_effect_usd,
    rate_effect_usd,
    cast(request_ratio - 1 as decimal(38, 12)) as request_change_ratio,
    cast(cast(value as decimal(38, 6)) as decimal(38, 12)) as value_usd,
    cast(cast(expected_value as decimal(38, 6)) as decimal(38, 12)) as expected_value_usd,
    value_method,
    cast(value_change as decimal(38, 12)) as value_change_ratio,
    case
        when is_new then 'new_resource'
        when usage_basis = 'none' and 2 * new_resource_cost_usd >= excess_usd then 'new_resource'
        when usage_basis = 'none' then 'rate'
        when volume_effect_usd >= greatest(intensity_effect_usd, rate_effect_usd) then 'volume'
        when intensity_effect_usd >= rate_effect_usd then 'intensity'
        else 'rate'
    end as cause,
    case
        when is_new or model_name = 'unattributed' then false
        -- its cause is a new resource, while no usage is known that would say more
        when usage_basis = 'none' and 2 * new_resource_cost_usd >= excess_usd then false
        -- nobody has told of this day's calls yet
        when value_change is null and requests is null then false
        -- calls where there were none before
        when value_change is null and request_ratio is null and requests > 0 then false
        when cost_ratio is null then true
        else evidence_change < {{ var('anomaly_valueless_share') }} * (cost_ratio - 1)
    end as is_valueless_spike
from explained
