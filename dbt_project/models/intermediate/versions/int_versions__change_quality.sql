-- The quality of both sides of a change: the evaluations of the days it is judged by, else the
-- version's latest before them, else its next after them. Scores are weighted by their samples.
with sides as (

    select
        model_name,
        from_version,
        to_version,
        is_after,
        case when is_after then to_version else from_version end as model_version,
        min(date_day) as first_day,
        max(date_day) as last_day
    from {{ ref('int_versions__change_days') }}
    group by model_name, from_version, to_version, is_after

),

scored as (

    select
        sides.model_name,
        sides.from_version,
        sides.to_version,
        sides.is_after,
        evaluations.score,
        evaluations.samples,
        rank() over (
            partition by sides.model_name, sides.from_version, sides.to_version, sides.is_after
            order by
                case
                    when evaluations.date_day between sides.first_day and sides.last_day then 0
                    when evaluations.date_day < sides.first_day then 1
                    else 2
                end,
                case
                    when evaluations.date_day < sides.first_day
                        then {{ days_between('evaluations.date_day', 'sides.first_day') }}
                    when evaluations.date_day > sides.last_day
                        then {{ days_between('sides.last_day', 'evaluations.date_day') }}
                    else 0
                end
        ) as nearness
    from sides
    inner join {{ ref('stg_quality__evaluations') }} as evaluations
        on
            sides.model_name = evaluations.model_name
            and sides.model_version = evaluations.model_version
            and evaluations.metric = '{{ var("quality_metric") }}'

)

select
    model_name,
    from_version,
    to_version,
    {% for side, condition in [('before', 'not is_after'), ('after', 'is_after')] %}
    {{ mean_score('score', 'samples', condition) }}
        as quality_{{ side }}{{ ',' if not loop.last }}
    {% endfor %}
from scored
where nearness = 1
group by model_name, from_version, to_version
