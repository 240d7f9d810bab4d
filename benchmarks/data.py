"""Inputs of a benchmark: the same rows for the same arguments, written once and kept.

Daily files, as an exporter would drop them. Bills are one delivery per month.
"""

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

SQL = Path(__file__).with_name("sql")
_FIRST_DAY = date(2026, 1, 1)
_PRICES = (
    "effective_from,provider,provider_model,input_per_mtok,output_per_mtok,cache_read_per_mtok\n"
    "2025-01-01,openai,gpt-4o,2.5,10,1.25\n"
    "2025-01-01,anthropic,claude-sonnet-4,3,15,0.3\n"
)
_GPU_PRICES = (
    "effective_from,provider,accelerator,on_demand_per_hour,tokens_per_second\n"
    "2025-01-01,aws,NVIDIA-H100-80GB-HBM3,3.93,2400\n"
    "2025-01-01,aws,NVIDIA-A100-SXM4-80GB,2.74,1300\n"
)
_REGISTRY = (
    "model_name,model_version,hosting,accelerator,initiative,deployed_at\n"
    "model-0,v1,self_hosted,NVIDIA-H100-80GB-HBM3,exploitation,2025-01-01\n"
    "model-4,v1,api,,exploration,2025-01-01\n"
    "model-5,v1,api,,exploration,2025-01-01\n"
)


@dataclass(frozen=True)
class Size:
    """How much to write.

    Args:
        days: Days of history.
        spacing_s: Seconds between the samples of each of 64 GPUs.
        calls_per_day: Rows of calls per day.
    """

    days: int
    spacing_s: int
    calls_per_day: int

    @property
    def samples(self) -> int:
        """GPU samples of all days."""
        return self.days * 64 * (86_400 // self.spacing_s)

    @property
    def calls(self) -> int:
        """Calls of all days."""
        return self.days * self.calls_per_day


def day(offset: int) -> date:
    """A day of the history, counted from 0."""
    return _FIRST_DAY + timedelta(days=offset)


def write_inputs(folder: Path, size: Size) -> None:
    """Write `folder` anew, unless it holds these inputs whole.

    Args:
        folder: The inputs folder.
        size: How much.
    """
    done = folder / ".complete"
    if done.is_file() and done.read_text(encoding="utf-8") == repr(size):
        return
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("gpu_metrics", "llm_requests", "billing", "prices", "model_registry"):
        (folder / name).mkdir(parents=True)
    (folder / "prices/prices.csv").write_text(_PRICES, encoding="utf-8")
    (folder / "prices/gpu_prices.csv").write_text(_GPU_PRICES, encoding="utf-8")
    (folder / "model_registry/registry.csv").write_text(_REGISTRY, encoding="utf-8")
    for offset in range(size.days):
        write_day(folder, size, offset)
    done.write_text(repr(size), encoding="utf-8")


def write_day(folder: Path, size: Size, offset: int) -> list[Path]:
    """Add one day of telemetry, calls and charges to inputs.

    Args:
        folder: The inputs folder.
        size: Spacing and calls.
        offset: Which day.

    Returns:
        The files written.
    """
    at = day(offset)
    tables = {
        "gpu_metrics": (f"gpu_metrics/{at}.parquet", {"spacing_s": size.spacing_s}),
        "llm_requests": (f"llm_requests/{at}.parquet", {"calls": size.calls_per_day}),
        "billing": (f"billing/{at:%Y-%m}/{at}.parquet", {}),
    }
    queries = {"gpu_metrics": "gpu_samples", "llm_requests": "llm_requests", "billing": "billing"}
    with duckdb.connect() as connection:
        for table, (name, parameters) in tables.items():
            query = (SQL / f"{queries[table]}.sql").read_text(encoding="utf-8")
            (folder / name).parent.mkdir(exist_ok=True)
            connection.sql(query, params={"day": str(at), **parameters}).write_parquet(
                str(folder / name), compression="zstd"
            )
    return [folder / name for name, _ in tables.values()]
