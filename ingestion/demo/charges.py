"""Charges before they take a vendor's spelling: typed columns, money in exact units."""

import json
from collections.abc import Mapping
from typing import TypeAlias, TypedDict, Unpack

import numpy as np
import pyarrow as pa

from ingestion.kernels import pc

Number: TypeAlias = int | np.ndarray


class Payer(TypedDict):
    """Who sends the bill, and for which billing account."""

    provider: str
    account: str


class Service(TypedDict):
    """What was bought, in the bill's words."""

    service: str
    service_category: str


class Texts(TypedDict, total=False):
    """The text columns of a charge but its tags, named as FOCUS means them."""

    provider: str
    account: str
    category: str
    charge_class: str
    frequency: str
    pricing: str | None
    commitment: str | None
    description: str
    service: str
    service_category: str
    unit: str
    resource_id: str
    resource_name: str
    resource_type: str
    sku: str
    sku_meter: str
    currency: str
    region: str | None


MONEY = ("billed", "effective", "listed")
SCHEMA = pa.schema(
    [("start", pa.timestamp("us")), ("end", pa.timestamp("us"))]
    + [(name, pa.int64()) for name in (*MONEY, "effective_usd", "unit_price", "quantity_milli")]
    + [(name, pa.string()) for name in (*Texts.__annotations__, "tags")]
)
_USAGE: Texts = {
    "category": "Usage",
    "frequency": "Usage-Based",
    "pricing": "Standard",
    "region": "us-east-1",
    "currency": "USD",
}
RATE_UNIT = 10_000  # exchange rates have four decimals


def charge_rows(
    start: np.ndarray,
    hours: int,
    billed: Number,
    *,
    effective: Number | None = None,
    listed: Number | None = None,
    unit_price: Number = 0,
    quantity_milli: Number = 1000,
    rate: Number = RATE_UNIT,
    tags: Mapping[str, str] | None = None,
    **texts: Unpack[Texts],
) -> pa.Table:
    """A block of charges of `SCHEMA`; a scalar holds for every row.

    Args:
        start: Starts of the charge periods, datetime64[us].
        hours: Length of each.
        billed: Money units.
        effective: Money units; as billed where not given.
        listed: Money units; as effective where not given.
        unit_price: List unit price in money units.
        quantity_milli: Thousandths of `unit`.
        rate: US dollars per unit of the currency, in ten-thousandths.
        tags: Tags of every row; None = none.
        **texts: Text columns; what is not named is null, or what a usage row has there.
    """
    rows = len(start)
    effective = billed if effective is None else effective
    listed = effective if listed is None else listed
    columns: dict[str, pa.Array] = {
        "start": pa.array(start, pa.timestamp("us")),
        "end": pa.array(start + np.timedelta64(hours, "h"), pa.timestamp("us")),
    }
    numbers = {
        "billed": billed,
        "effective": effective,
        "listed": listed,
        "effective_usd": effective * rate // RATE_UNIT,
        "unit_price": unit_price,
        "quantity_milli": quantity_milli,
    }
    for name, number in numbers.items():
        columns[name] = pa.array(np.broadcast_to(np.asarray(number, dtype=np.int64), rows))
    filled = {**_USAGE, **texts, "tags": json.dumps(tags) if tags else None}
    for name in SCHEMA.names[len(columns) :]:
        columns[name] = pa.repeat(pa.scalar(filled.get(name), pa.string()), rows)
    return pa.table(columns, schema=SCHEMA)


def units(charges: pa.Table, name: str) -> np.ndarray:
    """A money column as int64 units."""
    return charges.column(name).to_numpy()


def within(charges: pa.Table, start: object, end: object) -> pa.Table:
    """The charges that start in [start, end), dates or datetimes."""
    at = charges.column("start")
    low, high = (pa.scalar(np.datetime64(str(day), "us")) for day in (start, end))
    return charges.filter(pc.and_(pc.greater_equal(at, low), pc.less(at, high)))
