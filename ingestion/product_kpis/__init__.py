"""Product results per feature, model version and variant, from `product_kpis/`."""

from collections.abc import Iterable, Iterator

import dlt
from dlt.common.typing import TDataItem
from dlt.extract import DltResource

from ingestion.engine import Item, marked


@dlt.source(name="product_kpis", max_table_nesting=0)
def source(items: Iterable[Item]) -> DltResource:
    """The source of one load.

    Args:
        items: Lake table names with Arrow rows: data, quarantine and ledger rows of new files.

    Returns:
        The resource `product_kpis`.
    """

    @dlt.resource(name="product_kpis", write_disposition="append")
    def product_kpis() -> Iterator[TDataItem]:
        yield from marked(items)

    return product_kpis
