"""What a lake table promises: its columns, their types, what is required and which ranges hold."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pyarrow as pa

Kind = Literal["text", "json", "decimal", "bigint", "double", "timestamp", "date", "boolean"]

MONEY = pa.decimal128(38, 12)
ARROW_TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "json": pa.string(),
    "decimal": MONEY,
    "bigint": pa.int64(),
    "double": pa.float64(),
    "timestamp": pa.timestamp("us"),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}


def match_key(name: str) -> str:
    """The form in which spellings of a column name meet: lower-case letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def lake_name(published: str) -> str:
    """The name dlt's snake_case naming gives a published column name."""
    spaced = re.sub(r"(?<=[^_])(?=[A-Z][a-z])|(?<=[a-z0-9])(?=[A-Z])", "_", published)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower())


@dataclass(frozen=True)
class Column:
    """One column of a lake table.

    Attributes:
        published: The spelling of the standard the column comes from; used in messages.
        kind: What the values are; `json` is text that may arrive as a nested Parquet or JSON value.
        required: Whether a row without a value is quarantined.
        minimum: Smallest legal value, inclusive.
        maximum: Largest legal value, inclusive.
        above: Values must be greater than this.
        choices: Legal values in lower case; given ones are stored in lower case.
        null_words: Words that stand for no value.
    """

    published: str
    kind: Kind
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()
    null_words: tuple[str, ...] = ()

    @cached_property
    def name(self) -> str:
        """The column's name in the lake."""
        return lake_name(self.published)

    @property
    def arrow_type(self) -> pa.DataType:
        """The column's Arrow type in the lake."""
        return ARROW_TYPES[self.kind]


# Where each row of a data table came from; dlt adds the load id.
PROVENANCE = (
    pa.field("_delivery", pa.string()),
    pa.field("_file", pa.string()),
    pa.field("_row_number", pa.int64()),
)


@dataclass(frozen=True)
class Contract:
    """The promise of one lake table.

    Attributes:
        table: Lake table name.
        columns: Columns in their order in the lake.
        not_above: Pairs of published names where the first value may not exceed the second.
        within_days: Published names of two timestamps and days: the second may not be more days
            after the first.
        has_provenance: Whether rows carry `_delivery`, `_file` and `_row_number`.
    """

    table: str
    columns: tuple[Column, ...]
    not_above: tuple[tuple[str, str], ...] = ()
    within_days: tuple[tuple[str, str, int], ...] = ()
    has_provenance: bool = True

    @cached_property
    def schema(self) -> pa.Schema:
        """Arrow schema of the table in the lake, without the load id."""
        fields = [pa.field(column.name, column.arrow_type) for column in self.columns]
        return pa.schema([*fields, *(PROVENANCE if self.has_provenance else ())])

    @cached_property
    def by_key(self) -> dict[str, Column]:
        """Columns by the key under which any spelling of their name matches."""
        return {match_key(column.published): column for column in self.columns}

    def column(self, published: str) -> Column:
        """The column with this published name."""
        return self.by_key[match_key(published)]

    def empty(self) -> pa.Table:
        """A table of the contract's shape with zero rows."""
        return self.schema.empty_table()
