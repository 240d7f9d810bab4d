"""LLM calls with OpenTelemetry GenAI attributes, from files in `llm_requests/`."""

from collections.abc import Iterable, Iterator

import dlt
from dlt.common.typing import TDataItem
from dlt.extract import DltResource

from ingestion.engine import Item, marked


@dlt.source(name="llm_requests", max_table_nesting=0)
def source(items: Iterable[Item]) -> DltResource:
    """The source of one load.

    Args:
        items: Lake table names with Arrow rows: data, quarantine and ledger rows of new files.

    Returns:
        The resource `llm_requests`.
    """

    @dlt.resource(name="llm_requests", write_disposition="append")
    def llm_requests() -> Iterator[TDataItem]:
        yield from marked(items)

    return llm_requests
