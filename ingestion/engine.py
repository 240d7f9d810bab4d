"""dlt as the engine of every load: its settings, its pipelines, and items marked for their tables.

dlt's own `config.toml`, `secrets.toml` and environment stay in force: what is set here only fills
what the user left open, except what the lake's layout depends on.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import dlt
import pyarrow as pa
from dlt.common.pipeline import LoadInfo
from dlt.common.typing import TDataItem
from dlt.extract import DltSource
from dlt.pipeline.exceptions import PipelineStepFailed

from ingestion.compaction.swap import recover
from ingestion.errors import InputError
from ingestion.lake import DATASET, Lake

# A lake table's name and rows for it.
Item = tuple[str, pa.Table]

_LAYOUT = "{table_name}/{load_id}.{file_id}.{ext}"
# The lake's readers rely on these.
_FIXED = {"normalize.parquet_normalizer.add_dlt_load_id": True}
# Sensible where the user's own dlt configuration is silent.
_DEFAULTS = {
    "runtime.dlthub_telemetry": False,
    "runtime.log_level": "CRITICAL",
    "load.delete_completed_jobs": True,
    "data_writer.buffer_max_items": 1 << 17,
    "data_writer.file_max_bytes": 512 << 20,
    # The ledger in the lake is the only memory.
    "restore_from_destination": False,
}


def open_pipeline(name: str, home: Path) -> dlt.Pipeline:
    """The pipeline that loads into the lake below a home folder.

    Packages that a crash left behind are dropped, with what they had written to the lake (a file
    cut off in the middle would spoil every read of its table): what they held is read again.

    Args:
        name: Name of the pipeline; each has its own working folder in `home/.dlt`.
        home: The home folder, created where it is missing.

    Returns:
        The pipeline.

    Raises:
        InputError: If dlt cannot work in this folder.
    """
    home = home.resolve()
    if "%" in str(home):
        raise InputError(f"the home folder {home} has a % in its path, which dlt cannot work with")
    home.mkdir(parents=True, exist_ok=True)
    for key, value in _FIXED.items():
        dlt.config[key] = value
    for key, value in _DEFAULTS.items():
        if key not in dlt.config:
            dlt.config[key] = value
    recover(home)
    lake = Lake(home)
    pipeline = dlt.pipeline(
        pipeline_name=name,
        pipelines_dir=str(home / ".dlt"),
        destination=dlt.destinations.filesystem(
            bucket_url=lake.place.bucket_url or str(home), layout=_LAYOUT
        ),
        dataset_name=DATASET,
    )
    pending = pipeline.list_normalized_load_packages()
    pipeline.abort_packages()
    lake.remove_incomplete(pending)
    return pipeline


def run(pipeline: dlt.Pipeline, source: DltSource) -> str:
    """Extract, normalize and load a source as one package.

    Args:
        pipeline: The pipeline.
        source: The source.

    Returns:
        The load id.

    Raises:
        InputError: Passed on from the source as it was raised.
    """
    try:
        info: LoadInfo = pipeline.run(source, loader_file_format="parquet")
    except PipelineStepFailed as error:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, InputError):
                raise cause from error
            cause = cause.__cause__ or cause.__context__
        raise
    info.raise_on_failed_jobs()
    return info.loads_ids[-1]


def column_hints(schema: pa.Schema) -> dict[str, Any]:
    """Column hints for dlt of an Arrow schema: timestamps stay naive UTC."""
    return {
        field.name: {
            "name": field.name,
            "data_type": "timestamp",
            "timezone": False,
            "precision": 6,
        }
        for field in schema
        if pa.types.is_timestamp(field.type)
    }


def marked(items: Iterable[Item]) -> Iterator[TDataItem]:
    """Address each table to its lake table, so that one resource can fill several.

    Args:
        items: Lake table names with rows.

    Yields:
        The rows, marked for dlt.
    """
    hinted: set[str] = set()
    for table, rows in items:
        if table in hinted:
            yield dlt.mark.with_table_name(rows, table)
            continue
        hinted.add(table)
        hints = dlt.mark.make_hints(
            table_name=table, columns=column_hints(rows.schema), write_disposition="append"
        )
        yield dlt.mark.with_hints(rows, hints, create_table_variant=True)
