"""Roles and the teams they answer for, from `roles/`."""

from collections.abc import Iterable, Iterator

import dlt
from dlt.common.typing import TDataItem
from dlt.extract import DltResource

from ingestion.engine import Item, marked


@dlt.source(name="roles", max_table_nesting=0)
def source(items: Iterable[Item]) -> DltResource:
    """The source of one load.

    Args:
        items: Lake table names with Arrow rows: data, quarantine and ledger rows of new files.

    Returns:
        The resource `roles`.
    """

    @dlt.resource(name="roles", write_disposition="append")
    def roles() -> Iterator[TDataItem]:
        yield from marked(items)

    return roles
