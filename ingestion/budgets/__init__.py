"""Budgets per role, team and model, from `budgets/`."""

from collections.abc import Iterable, Iterator

import dlt
from dlt.common.typing import TDataItem
from dlt.extract import DltResource

from ingestion.engine import Item, marked


@dlt.source(name="budgets", max_table_nesting=0)
def source(items: Iterable[Item]) -> DltResource:
    """The source of one load.

    Args:
        items: Lake table names with Arrow rows: data, quarantine and ledger rows of new files.

    Returns:
        The resource `budgets`.
    """

    @dlt.resource(name="budgets", write_disposition="append")
    def budgets() -> Iterator[TDataItem]:
        yield from marked(items)

    return budgets
