-- One day of GPU samples, as dcgm-exporter would be scraped: every GPU of the fleet at a fixed spacing.
-- Pseudo-random by hash, so that the same day is always the same rows. Parameters: $day, $spacing_s.
with fleet as (
    select
        gpu_number,
        gpu_number // 8 as host_number,
        case when gpu_number < 32 then 'NVIDIA-H100-80GB-HBM3' else 'NVIDIA-A100-SXM4-80GB' end as accelerator,
        -- four workloads, and every sixteenth GPU held by nobody
        case when gpu_number % 16 = 15 then null else gpu_number // 16 end as workload
    from range(64) as gpus (gpu_number)
),

samples as (
    select
        fleet.*,
        cast($day as timestamp) + to_seconds(ticks.tick * $spacing_s) as sampled_at,
        hash(fleet.gpu_number, ticks.tick // (600 // $spacing_s), cast($day as varchar)) % 1000 / 1000.0 as slow,
        hash(fleet.gpu_number, ticks.tick, cast($day as varchar)) % 1000 / 1000.0 as fast
    from range(86400 // $spacing_s) as ticks (tick)
    cross join fleet
)

select
    sampled_at as timestamp,
    'GPU-' || lpad(cast(gpu_number as varchar), 4, '0') as gpu_uuid,
    cast(gpu_number % 8 as varchar) as gpu,
    'host-' || cast(host_number as varchar) as hostname,
    'i-' || lpad(cast(host_number as varchar), 4, '0') as resource_id,
    accelerator,
    'model-' || cast(workload as varchar) as model_name,
    case when workload is not null then 'v1' end as model_version,
    case when workload is not null then '/serve' end as endpoint,
    'team-' || cast(workload % 2 as varchar) as team,
    round(100 * slow) as "DCGM_FI_DEV_GPU_UTIL",
    case when workload is null then 0 else round(0.9 * slow + 0.1 * fast, 4) end as "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
    round(0.7 * slow, 4) as "DCGM_FI_PROF_SM_ACTIVE",
    round(0.4 * slow, 4) as "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE",
    round(0.5 * slow, 4) as "DCGM_FI_PROF_DRAM_ACTIVE",
    round(60000 + 20000 * slow) as "DCGM_FI_DEV_FB_USED",
    round(21559 - 20000 * slow) as "DCGM_FI_DEV_FB_FREE",
    round(80 + 600 * slow + 20 * fast, 1) as "DCGM_FI_DEV_POWER_USAGE"
from samples
order by sampled_at, gpu_number
