-- What each series cost per day, beside what the days before it make likely. A series is a model
-- version at an endpoint, by cost component; the level `model` holds each model whole, so that
-- money which only moves between versions can be told from money that is new.
{% set history_days = var('anomaly_history_weeks') * 7 %}
{% set key = ['level', 'model_name', 'model_version', 'endpoint', 'cost_component'] %}

with accounts as (

    select
        provider_key,
        billing_account_id,
        min(date_day) as first_day
    from {{ ref('int_cost__parts') }}
    group by provider_key, billing_account_id

),

resources as (

    select
        resource_key,
        min(date_day) as first_day
    from {{ ref('int_cost__parts') }}
    where resource_key is not null
    group by resource_key

),

-- Purchases, credits, taxes and adjustments stand on the day they were booked, whatever they are
-- for.
booked as (

    select distinct charge_id
    from {{ ref('int_billing__charge_days') }}
    where charge_category <> 'usage'

),

usage_parts as (

    select
        parts.date_day,
        {% for name in ['model_name', 'model_version', 'endpoint'] %}
        -- a shared platform is judged whole: a model's part of it grows when other models are quiet
        case when parts.allocation_method = 'shared' then 'unattributed' else parts.{{ name }} end
            as {{ name }},
        {% endfor %}
        parts.cost_component,
        parts.effective_cost_usd,
        case
            when resources.first_day > parts.date_day
                - {{ var('anomaly_min_history_days') }} * interval '1 day'
                then parts.effective_cost_usd
            else 0
        end as new_resource_cost_usd,
        accounts.first_day as billed_since
    from {{ ref('int_cost__parts') }} as parts
    inner join accounts
        on
            parts.provider_key = accounts.provider_key
            and parts.billing_account_id = accounts.billing_account_id
    left join resources
        on parts.resource_key = resources.resource_key
    left join booked
        on parts.charge_id = booked.charge_id
    where
        booked.charge_id is null
        and parts.lifecycle_stage not in ('training', 'fine_tuning')
        and parts.effective_cost_usd is not null

),

costs as (

    {% for level in ['series', 'model'] %}
    {% set stars = level == 'model' %}
    select
        date_day,
        '{{ level }}' as level,
        model_name,
        {{ "'*'" if stars else 'model_version' }} as model_version,
        {{ "'*'" if stars else 'endpoint' }} as endpoint,
        {{ "'*'" if stars else 'cost_component' }} as cost_component,
        cast(sum(effective_cost_usd) as decimal(38, 12)) as cost_usd,
        cast(sum(new_resource_cost_usd) as decimal(38, 12)) as new_resource_cost_usd,
        max(billed_since) as billed_since
    from usage_parts
    group by
        date_day, model_name{{ '' if stars else ', model_version, endpoint, cost_component' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- From its first day to its last; what never cost the least excess cannot be flagged.
lives as (

    select
        {{ key | join(', ') }},
        row_number() over (order by {{ key | join(', ') }}) as series_id,
        min(date_day) as first_day,
        max(date_day) as last_day
    from costs
    where cost_usd > 0
    group by {{ key | join(', ') }}
    having max(cost_usd) >= {{ var('anomaly_min_excess_usd') }}

),

days as (

    select
        *,
        cast({{ each_step('first_day', 'last_day', '1 day') }} as date) as date_day
    from lives

),

-- A day without a charge cost nothing.
dense as (

    select
        days.series_id,
        days.first_day,
        days.date_day,
        {% for name in key %}
        days.{{ name }},
        {% endfor %}
        cast(extract(dow from days.date_day) as integer) as weekday,
        cast(coalesce(costs.cost_usd, 0) as decimal(38, 12)) as cost_usd,
        cast(coalesce(costs.cost_usd, 0) as double) as cost,
        cast(coalesce(costs.new_resource_cost_usd, 0) as decimal(38, 12)) as new_resource_cost_usd,
        costs.billed_since
    from days
    left join costs
        on
            days.date_day = costs.date_day
            {% for name in key %}
            and days.{{ name }} = costs.{{ name }}
            {% endfor %}

),

medians as (

    select
        *,
        lag(cost, 7) over (partition by series_id order by date_day) as week_before,
        {{ median_before('cost', 'series_id, weekday', var('anomaly_history_weeks')) }}
            as weekday_median,
        {{ median_before('cost', 'series_id', 7) }} as week_median,
        {{ median_before('cost', 'series_id', history_days) }} as weeks_median
    from dense

),

expected as (

    select
        *,
        -- rounded to a millionth of a dollar: it is an estimate
        cast(
            cast({{ lifted('weekday_median', 'week_median', 'weeks_median') }} as decimal(38, 6))
            as decimal(38, 12)
        ) as expected_usd
    from medians

),

steps as (

    select
        *,
        -- by what factor the day differs from the same weekday a week before, as a log. A new level
        -- is seen in seven of them and then no more; a hundredfold, or on and off, is the most
        case
            when week_before is null then null
            when cost > 0 and week_before > 0 then least(abs(ln(cost / week_before)), ln(100))
            when cost > 0 or week_before > 0 then ln(100)
        end as log_step
    from expected

),

sigmas as (

    select
        *,
        {{ median_before('log_step', 'series_id', history_days) }} as median_log_step,
        count(log_step) over (
            partition by series_id
            order by date_day
            rows between {{ history_days }} preceding and 1 preceding
        ) as log_steps
    from steps

)

select
    date_day,
    series_id,
    {{ key | join(', ') }},
    first_day,
    billed_since,
    date_day < first_day + {{ var('anomaly_min_history_days') }} * interval '1 day' as is_new,
    cost_usd,
    new_resource_cost_usd,
    expected_usd,
    -- 1.4826: a normal's standard deviation over its median absolute deviation; a difference of two
    -- days has that of one times the root of 2. Few steps know it badly, so theirs is wider. Six
    -- digits: what varies by less varies by the rounding of its parts
    cast(
        1.4826 / sqrt(2) * median_log_step * (1 + 6.0 / nullif(log_steps, 0)) as decimal(38, 6)
    ) as log_sigma
from sigmas
