-- Samples as delivered. Utilization is engine activity where it is measured, else GPU_UTIL, which
-- says only that some kernel ran (and is 0 on MIG).
select
    samples.gpu_uuid,
    {{ name_key('samples.resource_id') }} as resource_key,
    nullif(trim(samples.hostname), '') as hostname,
    {{ or_unattributed("nullif(trim(samples.accelerator), '')") }} as accelerator,
    {{ name_key('samples.model_name') }} as model_name,
    {{ name_key('samples.model_version') }} as model_version,
    {{ name_key('samples.endpoint') }} as endpoint,
    {{ name_key('samples.team') }} as team,
    cast(
        coalesce(samples.dcgm_fi_prof_gr_engine_active, samples.dcgm_fi_dev_gpu_util / 100.0)
        as decimal(9, 6)
    ) as utilization_ratio,
    cast(samples.dcgm_fi_prof_sm_active as decimal(9, 6)) as sm_active_ratio,
    cast(samples.dcgm_fi_prof_pipe_tensor_active as decimal(9, 6)) as tensor_active_ratio,
    cast(
        samples.dcgm_fi_dev_fb_used
        / nullif(samples.dcgm_fi_dev_fb_used + samples.dcgm_fi_dev_fb_free, 0) as decimal(9, 6)
    ) as memory_ratio,
    cast(samples.dcgm_fi_dev_power_usage as decimal(12, 3)) as power_w,
    samples.timestamp as sampled_at,
    cast(samples.timestamp as date) as date_day
from {{ source('lake', 'gpu_metrics') }} as samples
inner join {{ ref('stg_lake__live_files') }} as live
    on
        samples._file = live.file
        and samples._dlt_load_id = live.load_id
        and live.source = 'gpu_metrics'
