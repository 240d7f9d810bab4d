"""Price lists of vendor models and accelerators, from files in `prices/`.

Files named `gpu_prices*` fill the lake table of that name.
"""

from collections.abc import Iterable, Iterator

import dlt
from dlt.common.typing import TDataItem
from dlt.extract import DltResource

from ingestion.engine import Item, marked


@dlt.source(name="prices", max_table_nesting=0)
def source(items: Iterable[Item]) -> DltResource:
    """The source of one load.

    Args:
        items: Lake table names with Arrow rows: data, quarantine and ledger rows of new files.

    Returns:
        The resource `prices`, which also fills `gpu_prices`.
    """

    @dlt.resource(name="prices", write_disposition="append")
    def prices() -> Iterator[TDataItem]:
        yield from marked(items)

    return prices
