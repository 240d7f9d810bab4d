"""The company as it was written: what its truth is taken from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa

from ingestion.demo.bill_vendors import billed_units
from ingestion.demo.calendar import Calendar, Month
from ingestion.demo.charges import units, within
from ingestion.demo.company import Stream
from ingestion.demo.evaluations import Evaluation
from ingestion.demo.money import UNITS_PER_USD
from ingestion.demo.requests import CallLog
from ingestion.demo.telemetry import Telemetry
from ingestion.kernels import pc

Counts = Mapping[str, Mapping[str, np.ndarray]]


@dataclass(frozen=True)
class Written:
    """Everything that was written.

    Args:
        calendar: The window.
        log: The streams of calls; it draws the same rows again.
        counts: Calls and tokens per day, by stream name and kind.
        telemetry: With its tally.
        charges: Every charge.
        jobs: The scheduler's jobs, as of the end of the window.
        scores: The evaluations.
    """

    calendar: Calendar
    log: CallLog
    counts: Counts
    telemetry: Telemetry
    charges: pa.Table
    jobs: pd.DataFrame
    scores: list[Evaluation]

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The streams of calls."""
        return self.log.streams

    def vendor_units(self, model: tuple[str, str]) -> np.ndarray:
        """Money units per day of a vendor-hosted model version."""
        return vendor_units(self.calendar, self.streams, self.counts, model)

    def resource_units(self, name: str, first: int = 0) -> int:
        """Money units of a billed resource by name, from a day on."""
        start = self.calendar.midnights(first, first + 1)[0]
        rows = self.charges.filter(
            pc.and_(
                pc.equal(self.charges.column("resource_name"), name),
                pc.greater_equal(self.charges.column("start"), pa.scalar(start)),
            )
        )
        return int(units(rows, "effective_usd").sum())

    def month_charges(self, month: Month) -> pa.Table:
        """The charges of a month."""
        return within(self.charges, month.start, month.end)


def last_month_costs(
    calendar: Calendar, streams: tuple[Stream, ...], counts: Counts, charges: pa.Table
) -> dict[str, Decimal]:
    """USD of the last month by model that has a budget, and of the whole bill under ``."""
    month = calendar.months[-1]
    inside = within(charges, month.start, month.end)
    days = slice(month.first, month.stop)
    copilot = sum(
        int(vendor_units(calendar, streams, counts, ("support-copilot", version))[days].sum())
        for version in ("v1", "v2")
    )
    twin = inside.filter(pc.equal(inside.column("resource_name"), "gpu-l40s-01"))
    triage = int(
        vendor_units(calendar, streams, counts, ("ticket-triage", "v1"))[days].sum()
        + units(twin, "effective_usd").sum()
    )
    whole = int(units(inside, "effective_usd").sum())
    found = {"support-copilot": copilot, "ticket-triage": triage, "": whole}
    return {name: Decimal(amount) / UNITS_PER_USD for name, amount in found.items()}


def vendor_units(
    calendar: Calendar, streams: tuple[Stream, ...], counts: Counts, model: tuple[str, str]
) -> np.ndarray:
    """Money units per day of a vendor-hosted model version, int64 of shape (days,)."""
    cost = np.zeros(calendar.days, dtype=np.int64)
    for stream in streams:
        if stream.model == model and stream.accelerator is None:
            cost += billed_units(calendar, stream.request_model, counts[stream.name])
    return cost
