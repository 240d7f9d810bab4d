"""Casts that never raise: Arrow values in, lake values and the rows that failed out."""

from collections.abc import Callable

import pyarrow as pa

from ingestion.casting.decimals import to_decimal
from ingestion.casting.numbers import to_bigint, to_double
from ingestion.casting.result import Casted, Failure
from ingestion.casting.text import to_text
from ingestion.casting.timestamps import to_date, to_timestamp

__all__ = ["CASTS", "Casted", "Failure"]

CASTS: dict[str, Callable[[pa.Array], Casted]] = {
    "text": to_text,
    "json": to_text,
    "decimal": to_decimal,
    "bigint": to_bigint,
    "double": to_double,
    "timestamp": to_timestamp,
    "date": to_date,
}
