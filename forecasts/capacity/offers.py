"""What GPUs cost, as the price list says it: money stays exact until an estimate needs it."""

import re
from dataclasses import dataclass
from decimal import Decimal

from forecasts.capacity.spot import SpotOffer

#: The 28 days that are forecast.
MONTH = "month"
_HOURS = {"d": 24, "w": 168, "m": 730, "y": 8760}
_MICRO = Decimal("0.000001")


@dataclass(frozen=True)
class Commitment:
    """A reservation that the price list offers.

    Attributes:
        term: As the list names it: `1y`, `3y`, `6m`.
        hourly: USD per GPU-hour, in every hour of the term.
    """

    term: str
    hourly: Decimal

    @property
    def hours(self) -> int:
        """Hours of the term."""
        return term_hours(self.term)


@dataclass(frozen=True)
class Prices:
    """Prices of one accelerator; None where the list has none.

    Attributes:
        provider: Who sells it.
        on_demand: USD per GPU-hour.
        commitments: Reservations, any number of terms.
        spot: USD per GPU-hour.
        interruptions_per_hour: Of one spot GPU.
    """

    provider: str | None = None
    on_demand: Decimal | None = None
    commitments: tuple[Commitment, ...] = ()
    spot: Decimal | None = None
    interruptions_per_hour: float | None = None

    @property
    def shortest(self) -> Commitment | None:
        """The shortest commitment, whose price also stands for a month."""
        return min(self.commitments, key=lambda offer: offer.hours, default=None)

    @property
    def spot_offer(self) -> SpotOffer | None:
        """Spot where both its price and its risk are known: nobody plans on an unknown risk."""
        if self.spot is None or self.interruptions_per_hour is None:
            return None
        return SpotOffer(float(self.spot), self.interruptions_per_hour)

    def missing(self) -> str | None:
        """What is not known, in words."""
        unknown = {
            "on-demand price": self.on_demand is None,
            "reserved price": not self.commitments,
            "spot price": self.spot is None,
            "spot interruptions": self.interruptions_per_hour is None,
        }
        return "; ".join(name for name, is_missing in unknown.items() if is_missing) or None


def term_hours(term: str) -> int:
    """Hours of a term by its name: a number and d, w, m or y (a year is 365 days).

    Raises:
        ValueError: The name says no length.
    """
    found = re.fullmatch(r"([1-9][0-9]*)([dwmy])", term)
    if found is None:
        raise ValueError(f"{term} is no term; one is a number and d, w, m or y, as 1y")
    return int(found[1]) * _HOURS[found[2]]


def usd(amount: float) -> Decimal:
    """An estimate as money: to a millionth of a dollar."""
    return Decimal(repr(float(amount))).quantize(_MICRO)
