"""Exact money: whole units of 1e-10 USD in int64, written as decimal text."""

from decimal import Decimal

import numpy as np
import pyarrow as pa

PLACES = 10
UNITS_PER_USD = 10**PLACES


def to_units(usd: Decimal | str) -> int:
    """Money units of an amount in USD.

    Raises:
        ValueError: The amount is finer than a money unit.
    """
    units = Decimal(usd) * UNITS_PER_USD
    if units != int(units):
        raise ValueError(f"{usd} USD is finer than a money unit")
    return int(units)


def to_text(units: np.ndarray, places: int = PLACES) -> pa.Array:
    """Decimal text with exactly `places` digits after the point, for int64 of 10^-places.

    Args:
        units: int64, any sign.
        places: Digits after the point, at least 1.
    """
    whole, rest = np.divmod(np.abs(units), 10**places)
    sign = np.where(units < 0, "-", "")
    digits = np.char.zfill(rest.astype(f"U{places}"), places)
    text = np.char.add(np.char.add(sign, whole.astype("U20")), np.char.add(".", digits))
    return pa.array(text.tolist(), pa.string())


def total(units: np.ndarray) -> str:
    """Exact decimal text of a sum of money units (Python integers: it cannot overflow)."""
    amount = Decimal(sum(units.tolist())) / UNITS_PER_USD
    return f"{amount:.{PLACES}f}"
