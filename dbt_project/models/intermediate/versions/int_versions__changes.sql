-- Which version followed which. A version arrives on its first serving day, and again (a
-- rollback) when it serves after a silence in which another did. It follows its registered
-- parent, else the version that served most in the days before; the newest change between two
-- versions counts.
with serving as (

    select
        date_day,
        model_name,
        model_version,
        requests,
        lag(date_day) over (partition by model_name, model_version order by date_day)
            as previous_day
    from {{ ref('int_versions__daily') }}
    where is_serving

),

arrivals as (

    select
        model_name,
        model_version,
        date_day as cutover_date,
        previous_day
    from serving
    where
        previous_day is null
        or previous_day < date_day - interval '{{ var("version_silence_days") }} days'

),

candidates as (

    select
        arrivals.model_name,
        arrivals.model_version as to_version,
        arrivals.cutover_date,
        serving.model_version as from_version,
        max(serving.date_day) as last_day,
        max(case when registry.parent_version = serving.model_version then 1 else 0 end)
            as is_parent,
        sum(
            case
                when
                    serving.date_day
                    >= arrivals.cutover_date - interval '{{ var("version_window_days") }} days'
                    then serving.requests
                else 0
            end
        ) as recent_requests
    from arrivals
    inner join serving
        on
            arrivals.model_name = serving.model_name
            and arrivals.model_version <> serving.model_version
            and arrivals.cutover_date > serving.date_day
            and (arrivals.previous_day is null or arrivals.previous_day < serving.date_day)
    left join {{ ref('stg_registry__model_versions') }} as registry
        on
            arrivals.model_name = registry.model_name
            and arrivals.model_version = registry.model_version
            and arrivals.previous_day is null
    group by
        arrivals.model_name, arrivals.model_version, arrivals.cutover_date, serving.model_version

),

followed as (

    select
        *,
        row_number() over (
            partition by model_name, to_version, cutover_date
            order by is_parent desc, recent_requests desc, last_day desc, from_version desc
        ) as candidate_rank
    from candidates

),

changes as (

    select
        *,
        row_number() over (
            partition by model_name, from_version, to_version order by cutover_date desc
        ) as change_rank
    from followed
    where candidate_rank = 1

)

select
    model_name,
    from_version,
    to_version,
    cutover_date
from changes
where change_rank = 1
