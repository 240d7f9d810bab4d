"""Quality scores per model version, from `evaluations/`."""

from collections.abc import Iterable, Iterator

import dlt
from dlt.common.typing import TDataItem
from dlt.extract import DltResource

from ingestion.engine import Item, marked


@dlt.source(name="evaluations", max_table_nesting=0)
def source(items: Iterable[Item]) -> DltResource:
    """The source of one load.

    Args:
        items: Lake table names with Arrow rows: data, quarantine and ledger rows of new files.

    Returns:
        The resource `evaluations`.
    """

    @dlt.resource(name="evaluations", write_disposition="append")
    def evaluations() -> Iterator[TDataItem]:
        yield from marked(items)

    return evaluations
