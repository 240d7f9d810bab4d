"""Model versions and their stage dates, from files in `model_registry/`."""

from collections.abc import Iterable, Iterator

import dlt
from dlt.common.typing import TDataItem
from dlt.extract import DltResource

from ingestion.engine import Item, marked


@dlt.source(name="model_registry", max_table_nesting=0)
def source(items: Iterable[Item]) -> DltResource:
    """The source of one load.

    Args:
        items: Lake table names with Arrow rows: data, quarantine and ledger rows of new files.

    Returns:
        The resource `model_registry`.
    """

    @dlt.resource(name="model_registry", write_disposition="append")
    def model_registry() -> Iterator[TDataItem]:
        yield from marked(items)

    return model_registry
