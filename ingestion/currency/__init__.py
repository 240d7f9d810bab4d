"""Exchange rates to US dollars, from `currency/`."""

from collections.abc import Iterable, Iterator

import dlt
from dlt.common.typing import TDataItem
from dlt.extract import DltResource

from ingestion.engine import Item, marked


@dlt.source(name="currency", max_table_nesting=0)
def source(items: Iterable[Item]) -> DltResource:
    """The source of one load.

    Args:
        items: Lake table names with Arrow rows: data, quarantine and ledger rows of new files.

    Returns:
        The resource `currency`.
    """

    @dlt.resource(name="currency", write_disposition="append")
    def currency() -> Iterator[TDataItem]:
        yield from marked(items)

    return currency
