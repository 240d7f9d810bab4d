"""GPU samples: one row per GPU and sample, fields named as NVIDIA's dcgm-exporter names them.

`DCGM_FI_DEV_GPU_UTIL` is percent (0-100), the `PROF` fields are ratios (0-1), frame buffer is MiB,
power is watts.
"""

from ingestion.contracts.model import Column, Contract

CONTRACT = Contract(
    table="gpu_metrics",
    columns=(
        Column("timestamp", "timestamp", required=True),
        Column("gpu_uuid", "text", required=True),
        Column("gpu", "text"),
        Column("hostname", "text"),
        Column("resource_id", "text"),
        Column("accelerator", "text"),
        Column("model_name", "text"),
        Column("model_version", "text"),
        Column("endpoint", "text"),
        Column("team", "text"),
        Column("DCGM_FI_DEV_GPU_UTIL", "double", minimum=0, maximum=100),
        Column("DCGM_FI_PROF_GR_ENGINE_ACTIVE", "double", minimum=0, maximum=1),
        Column("DCGM_FI_PROF_SM_ACTIVE", "double", minimum=0, maximum=1),
        Column("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "double", minimum=0, maximum=1),
        Column("DCGM_FI_PROF_DRAM_ACTIVE", "double", minimum=0, maximum=1),
        Column("DCGM_FI_DEV_FB_USED", "double"),
        Column("DCGM_FI_DEV_FB_FREE", "double"),
        Column("DCGM_FI_DEV_POWER_USAGE", "double"),
    ),
)
