from datetime import date, datetime
from decimal import Decimal

import pytest

from reports import formats


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("12345.678"), "USD 12,346"),
        (99.5, "USD 99.50"),
        (0, "USD 0"),
        (0.0042371, "USD 0.00424"),
        (-1234.5, "-USD 1,234"),
        (None, formats.UNKNOWN),
        (float("nan"), formats.UNKNOWN),
    ],
)
def test_usd(value, text):
    assert formats.usd(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (7, "7"), (0.25, "0.25"), (9.5, "9.5"), (99.94, "99.9"), (999, "999"),
        (999.9, "1k"), (12_345, "12.3k"), (4_560_000, "4.56M"), (7.89e9, "7.89B"), (1e12, "1T"),
        (0.0001, "0.0001"), (-1500, "-1.5k"),
    ],
)  # fmt: skip
def test_short(value, text):
    assert formats.short(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.1234, "12.3 %"), (1.5, "150 %"), (-0.25, "-25.0 %"), (0.9999, "100 %")]
)
def test_percent(value, text):
    assert formats.percent(value) == text


def test_dates():
    assert formats.day(date(2024, 6, 3)) == "3 June 2024"
    assert formats.hour(datetime(2024, 6, 3, 9)) == "3 June 2024, 09:00 UTC"
    assert formats.month(None) == formats.UNKNOWN


def test_series_names():
    assert formats.series_name("accelerator:NVIDIA-H100") == "All NVIDIA-H100"
    assert formats.series_name("accelerator:api") == "All vendor APIs"
    assert formats.series_name("chat/v2/eu/api") == "chat / v2 / eu / api"
