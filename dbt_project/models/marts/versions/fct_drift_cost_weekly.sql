-- What falling accuracy costs: a week's cost less what its correct answers would have cost at the
-- price of a correct answer in the version's first evaluated weeks. Below zero it is a gain.
with scores as (

    select
        cast(date_trunc('week', date_day) as date) as week,
        model_name,
        model_version,
        {{ mean_score('score', 'samples') }} as score
    from {{ ref('stg_quality__evaluations') }}
    where metric = '{{ var("quality_metric") }}'
    group by date_trunc('week', date_day), model_name, model_version

),

weeks as (

    select
        cast(date_trunc('week', date_day) as date) as week,
        model_name,
        model_version,
        cast(sum(requests) as bigint) as requests,
        cast(sum(direct_cost_usd) as decimal(38, 12)) as cost_usd
    from {{ ref('int_versions__daily') }}
    group by date_trunc('week', date_day), model_name, model_version

),

evaluated as (

    select
        scores.week,
        scores.model_name,
        scores.model_version,
        scores.score,
        weeks.requests,
        weeks.cost_usd,
        cast(cast(weeks.requests as decimal(24, 0)) * scores.score as decimal(38, 12))
            as correct_outcomes,
        row_number() over (
            partition by scores.model_name, scores.model_version order by scores.week
        ) as week_number
    from scores
    inner join weeks
        on
            scores.week = weeks.week
            and scores.model_name = weeks.model_name
            and scores.model_version = weeks.model_version
            and weeks.requests > 0
    where scores.score is not null

),

baselines as (

    select
        model_name,
        model_version,
        cast(sum(cost_usd) as double) as cost_usd,
        cast(sum(correct_outcomes) as double) as correct_outcomes,
        cast(sum(requests) as double) as requests
    from evaluated
    where week_number <= {{ var('drift_baseline_weeks') }}
    group by model_name, model_version

)

select
    evaluated.week,
    evaluated.model_name,
    evaluated.model_version,
    evaluated.score,
    cast(baselines.correct_outcomes / nullif(baselines.requests, 0) as decimal(13, 12))
        as baseline_score,
    evaluated.week_number <= {{ var('drift_baseline_weeks') }} as is_baseline,
    evaluated.requests,
    evaluated.cost_usd,
    evaluated.correct_outcomes,
    {{ decimal_ratio('evaluated.cost_usd', 'evaluated.correct_outcomes') }} as cost_per_correct_usd,
    cast(baselines.cost_usd / nullif(baselines.correct_outcomes, 0) as decimal(38, 12))
        as baseline_cost_per_correct_usd,
    cast(
        evaluated.cost_usd
        - cast(
            cast(evaluated.correct_outcomes as double)
            * baselines.cost_usd / nullif(baselines.correct_outcomes, 0) as decimal(38, 12)
        ) as decimal(38, 12)
    ) as drift_cost_usd
from evaluated
inner join baselines
    on
        evaluated.model_name = baselines.model_name
        and evaluated.model_version = baselines.model_version
