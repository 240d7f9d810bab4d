-- Why a version should go, change or stay: one row per rule that speaks, with the money at stake
-- and the next step. The verdict takes the gravest (see fct_model_verdicts).
with reasons as (

    select
        model_name,
        model_version,
        'zombie' as rule,
        'eliminate' as verdict,
        zombie_reason as reason,
        cost_usd as dollars_at_stake,
        'shut it down: nobody uses what is paid for' as next_step
    from {{ ref('int_verdicts__subjects') }}
    where is_zombie
    union all
    select
        model_name,
        model_version,
        'roi_below_zero' as rule,
        'eliminate' as verdict,
        concat(
            'worth at most ', {{ dollars('value_high_usd') }}, ' USD (95 %) at a cost of ',
            {{ dollars('cost_usd') }}, ' USD'
        ) as reason,
        cast(cost_usd - value_usd as decimal(38, 12)) as dollars_at_stake,
        'take it out of the product, or show the value that its experiment does not' as next_step
    from {{ ref('int_verdicts__subjects') }}
    where
        value_method = 'measured'
        and value_high_usd < cost_usd
        and not is_exploration
    union all
    select
        savings.model_name,
        savings.model_version,
        savings.rule,
        'optimize' as verdict,
        savings.reason,
        savings.dollars_at_stake,
        savings.next_step
    from {{ ref('int_verdicts__savings') }} as savings
    inner join {{ ref('int_verdicts__subjects') }} as subjects
        on
            savings.model_name = subjects.model_name
            and savings.model_version = subjects.model_version
    union all
    select
        model_name,
        model_version,
        'value_unmeasured' as rule,
        'optimize' as verdict,
        concat(
            'value unmeasured: ', {{ dollars('cost_usd') }}, ' USD in {{ var("verdict_days") }}',
            ' days',
            case
                when value_method = 'declared' then ', and its revenue is declared only'
                else ''
            end
        ) as reason,
        cost_usd as dollars_at_stake,
        'run it against a control group for two weeks' as next_step
    from {{ ref('int_verdicts__subjects') }}
    where
        value_method <> 'measured'
        and cost_usd > {{ var('verdict_unmeasured_usd') }}
    union all
    select
        model_name,
        model_version,
        'measured' as rule,
        'justify' as verdict,
        concat(
            'worth ', {{ dollars('value_usd') }}, ' USD at a cost of ', {{ dollars('cost_usd') }},
            ' USD',
            case
                when value_high_usd < cost_usd and is_exploration then ', and it is an exploration'
                else ''
            end
        ) as reason,
        cast(0 as decimal(38, 12)) as dollars_at_stake,
        'keep it, and keep measuring' as next_step
    from {{ ref('int_verdicts__subjects') }}
    where value_method = 'measured'
    union all
    select
        model_name,
        model_version,
        'small' as rule,
        'justify' as verdict,
        concat('costs ', {{ dollars('cost_usd') }}, ' USD in {{ var("verdict_days") }} days')
            as reason,
        cast(0 as decimal(38, 12)) as dollars_at_stake,
        'nothing: too small to measure' as next_step
    from {{ ref('int_verdicts__subjects') }}
    where
        value_method <> 'measured'
        and cost_usd <= {{ var('verdict_unmeasured_usd') }}

)

select
    model_name,
    model_version,
    rule,
    verdict,
    reason,
    cast(dollars_at_stake as decimal(38, 12)) as dollars_at_stake,
    next_step
from reasons
