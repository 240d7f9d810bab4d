select
    {{ or_unattributed(name_key('kpis.feature')) }} as feature,
    {{ or_unattributed(name_key('kpis.model_name')) }} as model_name,
    {{ or_unattributed(name_key('kpis.model_version')) }} as model_version,
    lower(trim(kpis.variant)) as variant,
    coalesce(kpis.exposures, 0) as exposures,
    coalesce(kpis.conversions, 0) as conversions,
    coalesce(kpis.revenue, 0) as revenue_usd,
    coalesce(kpis.retained_users, 0) as retained_users,
    coalesce(kpis.active_users, 0) as active_users,
    cast(kpis.date as date) as date_day
from {{ source('lake', 'product_kpis') }} as kpis
inner join {{ ref('stg_lake__live_files') }} as live
    on
        kpis._file = live.file
        and kpis._dlt_load_id = live.load_id
        and live.source = 'product_kpis'
