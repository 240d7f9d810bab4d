"""The days that the page looks back on."""

from dataclasses import dataclass
from datetime import date, timedelta

from reports.warehouse import Warehouse

DAYS = 30


@dataclass(frozen=True)
class Window:
    """The trailing 30 days up to the newest day with billing data, both ends included."""

    first_day: date
    last_day: date

    def parameters(self) -> dict[str, object]:
        """Give the values of `$first_day` and `$last_day`."""
        return {"first_day": self.first_day, "last_day": self.last_day}


def find_window(warehouse: Warehouse) -> Window | None:
    """Find the window; without bills it ends on the newest day with GPU telemetry.

    Returns:
        None when the warehouse has neither.
    """
    for question in ("as_of_billing", "as_of_telemetry"):
        for row in warehouse.rows(question):
            if row["last_day"] is not None:
                last = row["last_day"]
                return Window(last - timedelta(days=DAYS - 1), last)
    return None
