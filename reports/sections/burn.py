"""What GPUs did with their money: busy, held but idle, held by nobody."""

from dataclasses import dataclass

from reports.charts.heatmap import Heatmap, legend, week_heatmaps
from reports.charts.stacked_bars import Bar, stacked_bars
from reports.sections.window import Window
from reports.warehouse import Warehouse

#: Column to name, in drawing order.
PARTS = {
    "busy_usd": "held and busy",
    "held_idle_usd": "held but idle",
    "unallocated_usd": "held by nobody",
}


@dataclass(frozen=True)
class Burn:
    """The section's content; lists are empty where nothing is known."""

    by_accelerator: list[Bar]
    by_model: list[Bar]
    weeks: list[Heatmap]
    steps: list[str]


def burn(warehouse: Warehouse, window: Window | None) -> Burn:
    """Ask for GPU money and utilization of the window."""
    if window is None:
        return Burn([], [], [], legend())
    parameters = window.parameters()
    return Burn(
        by_accelerator=stacked_bars(warehouse.rows("burn_by_accelerator", **parameters), PARTS),
        by_model=stacked_bars(warehouse.rows("burn_by_model", **parameters), PARTS),
        weeks=week_heatmaps(warehouse.rows("utilization_week", **parameters)),
        steps=legend(),
    )
