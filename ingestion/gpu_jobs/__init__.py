"""Scheduler jobs and their steps, from `gpu_jobs/`."""

from collections.abc import Iterable, Iterator

import dlt
from dlt.common.typing import TDataItem
from dlt.extract import DltResource

from ingestion.engine import Item, marked


@dlt.source(name="gpu_jobs", max_table_nesting=0)
def source(items: Iterable[Item]) -> DltResource:
    """The source of one load.

    Args:
        items: Lake table names with Arrow rows: data, quarantine and ledger rows of new files.

    Returns:
        The resource `gpu_jobs`.
    """

    @dlt.resource(name="gpu_jobs", write_disposition="append")
    def gpu_jobs() -> Iterator[TDataItem]:
        yield from marked(items)

    return gpu_jobs
