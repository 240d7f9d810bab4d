-- The days of a series that its past does not explain: beyond sigma, ratio and money at once. New
-- series have no past; they are flagged where they lift their whole model out of its own.
{% set min_excess = var('anomaly_min_excess_usd') %}
{% set min_ratio = var('anomaly_min_cost_ratio') %}
{% set min_sigma = var('anomaly_min_sigma') %}
{% set history_days = var('anomaly_history_weeks') * 7 %}
{% set memory_days = [history_days, 62] | max %}
{% set min_history = var('anomaly_min_history_days') ~ " * interval '1 day'" %}

with raised as (

    select
        *,
        cost_usd - expected_usd as excess_usd,
        not is_new
        and cost_usd - expected_usd >= {{ min_excess }}
        and cast(cost_usd as double) >= {{ min_ratio }} * cast(expected_usd as double) as is_raised,
        case
            when expected_usd > 0 and cost_usd > 0
                then ln(cast(cost_usd as double) / cast(expected_usd as double))
        end as log_ratio
    from {{ ref('int_spend__series_daily') }}

),

-- Spend varies by factors: four sigma up is a factor too, the more so for a restless series.
days as (

    select
        *,
        is_raised and coalesce(log_ratio >= {{ min_sigma }} * cast(log_sigma as double), true)
            as is_beyond
    from raised

),

beside_model as (

    select
        days.*,
        models.is_new as model_is_new,
        models.is_beyond as model_is_beyond,
        models.excess_usd as model_excess_usd,
        case when models.is_new then models.cost_usd else models.excess_usd end
            as model_new_money_usd,
        -- so much more of one series would show in the model: half of its cost, or beyond its noise
        least(
            cast(models.cost_usd as double) / 2,
            cast(models.expected_usd as double) * least(
                {{ min_ratio }} - 1, exp({{ min_sigma / 2 }} * cast(models.log_sigma as double)) - 1
            )
        ) as model_visible_usd,
        -- a version's own past is restless where calls moved to it and away; its model's is not
        case
            when
                models.is_beyond
                and 2 * days.excess_usd >= models.excess_usd
                and models.log_sigma < days.log_sigma
                then models.log_sigma
            else days.log_sigma
        end as used_log_sigma,
        sum(case when days.is_new and days.cost_usd > 0 then days.cost_usd else 0 end) over (
            partition by days.date_day, days.model_name
        ) as new_series_cost_usd
    from days
    inner join days as models
        on
            models.level = 'model'
            and days.level = 'series'
            and days.date_day = models.date_day
            and days.model_name = models.model_name

),

-- What a new series costs beyond what it takes over from others of its model.
judged as (

    select
        *,
        case
            when not is_new then excess_usd
            when model_new_money_usd >= new_series_cost_usd then cost_usd
            else cast(
                cast(
                    cast(cost_usd as double) * cast(model_new_money_usd as double)
                    / cast(new_series_cost_usd as double) as decimal(38, 6)
                ) as decimal(38, 12)
            )
        end as flagged_excess_usd
    from beside_model
    where
        (
            is_raised
            and coalesce(log_ratio >= {{ min_sigma }} * cast(used_log_sigma as double), true)
            -- not where the model shows for certain that money only moved within it
            and not coalesce(
                not model_is_new
                and cast(excess_usd as double) >= model_visible_usd
                and 2 * model_excess_usd < excess_usd,
                false
            )
        )
        or (
            is_new
            and cost_usd >= {{ min_excess }}
            and billed_since <= first_day - {{ min_history }}
            and (model_is_new or model_is_beyond)
        )

),

candidates as (

    select
        *,
        cast(flagged_excess_usd as double) as flagged_excess,
        cast(cost_usd - flagged_excess_usd as double) as flagged_expected
    from judged
    where flagged_excess_usd >= {{ min_excess }}

),

-- Candidates before a candidate that were as high for their weekday and as much money; in the last
-- week the height alone, as weekdays differ.
alike as (

    select
        candidates.series_id,
        candidates.date_day,
        past.date_day as past_day
    from candidates
    inner join candidates as past
        on
            candidates.series_id = past.series_id
            and candidates.date_day > past.date_day
            and candidates.date_day <= past.date_day + {{ memory_days }} * interval '1 day'
            and {{ min_ratio }} * candidates.flagged_expected * past.flagged_excess
            >= candidates.flagged_excess * past.flagged_expected
            and (
                {{ min_ratio }} * past.flagged_excess >= candidates.flagged_excess
                or (
                    past.flagged_expected > 0
                    and past.date_day >= candidates.date_day - interval '7 days'
                )
            )

),

-- What came thrice within the history, or in each of the two months before, is known.
known as (

    select
        series_id,
        date_day
    from alike
    group by series_id, date_day
    having
        count(
            case when past_day >= date_day - {{ history_days }} * interval '1 day' then 1 end
        ) >= {{ var('anomaly_known_after_days') }}
        or count(
            case
                when past_day in (
                    cast(date_day - interval '1 month' as date),
                    cast(date_day - interval '2 months' as date)
                )
                    then 1
            end
        ) = 2

)

select
    candidates.date_day,
    candidates.series_id,
    candidates.model_name,
    candidates.model_version,
    candidates.endpoint,
    candidates.cost_component,
    candidates.is_new,
    candidates.cost_usd,
    cast(candidates.cost_usd - candidates.flagged_excess_usd as decimal(38, 12)) as expected_usd,
    cast(candidates.flagged_excess_usd as decimal(38, 12)) as excess_usd,
    candidates.new_resource_cost_usd,
    case
        when not candidates.is_new
            then cast(
                cast(
                    cast(candidates.expected_usd as double)
                    * (exp(cast(candidates.used_log_sigma as double)) - 1)
                    as decimal(38, 6)
                ) as decimal(38, 12)
            )
    end as sigma_usd,
    cast(
        case
            when
                not candidates.is_new
                and candidates.expected_usd > 0
                and candidates.used_log_sigma > 0
                then candidates.log_ratio / cast(candidates.used_log_sigma as double)
        end as decimal(38, 12)
    ) as sigmas
from candidates
left join known
    on
        candidates.series_id = known.series_id
        and candidates.date_day = known.date_day
where known.series_id is null
