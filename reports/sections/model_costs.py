"""What each model version costs, and what it is worth where that is known."""

from dataclasses import dataclass
from datetime import date

from reports.downloads import Download, download
from reports.sections.window import Window
from reports.warehouse import Row, Warehouse


@dataclass(frozen=True)
class ModelCosts:
    """The section's content.

    Attributes:
        rows: Per model version: costs, requests, tokens, and value_usd, value_low_usd,
            value_high_usd, roi, value_method of the value month (None where unknown).
        month: First day of the month that the values are of.
        download: These rows.
    """

    rows: list[Row]
    month: date | None
    download: Download | None


def model_costs(warehouse: Warehouse, window: Window | None) -> ModelCosts:
    """Ask for costs of the window and values of the newest whole month."""
    if window is None:
        return ModelCosts([], None, None)
    values = {
        (row["model_name"], row["model_version"]): row
        for row in warehouse.rows("model_values", last_day=window.last_day)
    }
    nothing = dict.fromkeys(("value_usd", "value_low_usd", "value_high_usd", "roi", "value_method"))
    rows = [
        {**row, **nothing, **values.get((row["model_name"], row["model_version"]), {})}
        for row in warehouse.rows("model_costs", **window.parameters())
    ]
    month = next((row["month"] for row in values.values()), None)
    return ModelCosts(rows, month, download("cost by model version", rows))
