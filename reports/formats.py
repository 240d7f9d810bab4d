"""Numbers and dates as people read them; everything here returns plain text."""

import math
import re
from datetime import date, datetime
from decimal import Decimal

Number = float | int | Decimal | None

#: What stands where a figure is not known.
UNKNOWN = "–"  # noqa: RUF001
_CENT = 0.01


def usd(value: Number) -> str:
    """Format money: USD 12,345; cents below 100; three digits below one cent."""
    return UNKNOWN if _unknown(value) else f"{_sign(value)}USD {_amount(abs(float(value or 0)))}"


def usd_change(value: Number) -> str:
    """Format a difference of money: +USD 12,345, -USD 12,345, or no change."""
    if _unknown(value):
        return UNKNOWN
    if abs(float(value or 0)) < _CENT:
        return "no change"
    # A change is read in cents, however small the sum it is of.
    cents = round(Decimal(str(value)), 2)
    return usd(cents) if cents < 0 else f"+{usd(cents)}"


def usd_short(value: Number) -> str:
    """Format money for a narrow place: USD 12.3k, USD 4.56M."""
    return UNKNOWN if _unknown(value) else f"{_sign(value)}USD {short(abs(float(value or 0)))}"


def count(value: Number) -> str:
    """Format a whole number: 12,345."""
    return UNKNOWN if _unknown(value) else f"{float(value or 0):,.0f}"


def short(value: Number) -> str:
    """Format a number with three digits and a suffix: 987, 12.3k, 4.56M, 7.89B, 1.2T."""
    if _unknown(value):
        return UNKNOWN
    number = float(value or 0)
    for limit, suffix in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= limit * 0.9995:
            return f"{_three_digits(number / limit)}{suffix}"
    return _three_digits(number)


def gpus(value: Number) -> str:
    """Format a number of GPUs with one decimal: 12.3."""
    return UNKNOWN if _unknown(value) else f"{float(value or 0):,.1f}"


def percent(value: Number) -> str:
    """Format a ratio: 12.3 %, and no decimals from 100 % on."""
    if _unknown(value):
        return UNKNOWN
    share = float(value or 0) * 100.0
    return f"{share:,.0f} %" if abs(share) >= 99.95 else f"{share:.1f} %"


def day(value: date | datetime | None) -> str:
    """Format a day: 3 June 2024."""
    return UNKNOWN if value is None else f"{value.day} {value:%B %Y}"


def short_day(value: date | datetime | None) -> str:
    """Format a day for a narrow place: 3 Jun."""
    return UNKNOWN if value is None else f"{value.day} {value:%b}"


def hour(value: datetime | None) -> str:
    """Format an hour: 3 June 2024, 14:00 UTC."""
    return UNKNOWN if value is None else f"{day(value)}, {value:%H:%M} UTC"


def month(value: date | None) -> str:
    """Format a month: June 2024."""
    return UNKNOWN if value is None else f"{value:%B %Y}"


def series_name(unique_id: str) -> str:
    """Name a demand series for people: `accelerator:X` becomes `All X`, slashes get air.

    `training:X`, the jobs of the scheduler, becomes `Training on X`.
    """
    kind, _, accelerator = unique_id.partition(":")
    if kind == "accelerator":
        return "All vendor APIs" if accelerator == "api" else f"All {accelerator}"
    if kind == "training":
        return f"Training on {accelerator}"
    return " / ".join(unique_id.split("/"))


def model_label(model: str) -> str:
    """Name a forecast model for people: seasonal_naive becomes Seasonal naive."""
    return model.replace("_", " ").capitalize()


def horizon(bucket: str) -> str:
    """Name a horizon bucket for people: 025-168h becomes 25 to 168 hours ahead."""
    found = re.fullmatch(r"0*(\d+)-0*(\d+)h", bucket)
    return f"{found[1]} to {found[2]} hours ahead" if found else bucket


def whole(value: Number) -> str:
    """Format a number of GPUs to buy: whole where it is whole, else one decimal."""
    if _unknown(value):
        return UNKNOWN
    number = float(value or 0)
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def chance(value: Number) -> str:
    """Format a probability: 2.3 %, and below 0.1 % where the digits would say nothing."""
    if _unknown(value):
        return UNKNOWN
    share = float(value or 0)
    return "below 0.1 %" if 0 < share < 0.001 else f"{share * 100:.1f} %"


def _unknown(value: Number) -> bool:
    return value is None or math.isnan(float(value)) or math.isinf(float(value))


def _sign(value: Number) -> str:
    return "-" if value is not None and value < 0 else ""


def _amount(value: float) -> str:
    if value >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:,.2f}" if value >= 1 else f"{value:.3g}"


def _three_digits(value: float) -> str:
    size = abs(value)
    if size >= 99.95 or value == int(value):
        return f"{value:,.0f}"
    if size >= 0.01:
        return f"{value:.2f}".rstrip("0").rstrip(".") if size < 9.995 else f"{value:.1f}"
    return f"{value:.2g}"
