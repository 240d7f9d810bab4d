-- Quality scores; one delivered again for the same moment counts once, the newest delivery wins.
with delivered as (

    select
        {{ name_key('evaluations.model_name') }} as model_name,
        {{ name_key('evaluations.model_version') }} as model_version,
        {{ or_unattributed(name_key('evaluations.metric')) }} as metric,
        evaluations.score,
        evaluations.samples,
        evaluations.evaluated_at,
        row_number() over (
            partition by
                lower(trim(evaluations.model_name)),
                lower(trim(evaluations.model_version)),
                lower(trim(evaluations.metric)),
                evaluations.evaluated_at
            order by
                live.load_id desc, live.delivery_sort_key desc, live.file desc,
                evaluations._row_number desc
        ) as delivery_rank
    from {{ source('lake', 'evaluations') }} as evaluations
    inner join {{ ref('stg_lake__live_files') }} as live
        on
            evaluations._file = live.file
            and evaluations._dlt_load_id = live.load_id
            and live.source = 'evaluations'

)

select
    model_name,
    model_version,
    metric,
    score,
    samples,
    evaluated_at,
    cast(evaluated_at as date) as date_day
from delivered
where
    delivery_rank = 1
    and score is not null
