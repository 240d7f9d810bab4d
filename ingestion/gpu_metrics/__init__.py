"""GPU samples with DCGM fields, from files in `gpu_metrics/`."""

from collections.abc import Iterable, Iterator

import dlt
from dlt.common.typing import TDataItem
from dlt.extract import DltResource

from ingestion.engine import Item, marked


@dlt.source(name="gpu_metrics", max_table_nesting=0)
def source(items: Iterable[Item]) -> DltResource:
    """The source of one load.

    Args:
        items: Lake table names with Arrow rows: data, quarantine and ledger rows of new files.

    Returns:
        The resource `gpu_metrics`.
    """

    @dlt.resource(name="gpu_metrics", write_disposition="append")
    def gpu_metrics() -> Iterator[TDataItem]:
        yield from marked(items)

    return gpu_metrics
