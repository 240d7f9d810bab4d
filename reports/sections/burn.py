"""What GPUs did with their money: busy, held but idle, held by nobody."""

from dataclasses import dataclass

from reports.charts.heatmap import Heatmap, legend, week_heatmaps
from reports.charts.stacked_bars import Bar, stacked_bars
from reports.downloads import Download, download
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
    accelerator_download: Download | None = None
    model_download: Download | None = None
    week_download: Download | None = None


def burn(warehouse: Warehouse, window: Window | None) -> Burn:
    """Ask for GPU money and utilization of the window."""
    if window is None:
        return Burn([], [], [], legend())
    parameters = window.parameters()
    accelerators = warehouse.rows("burn_by_accelerator", **parameters)
    models = warehouse.rows("burn_by_model", **parameters)
    week = warehouse.rows("utilization_week", **parameters)
    return Burn(
        by_accelerator=stacked_bars(accelerators, PARTS),
        by_model=stacked_bars(models, PARTS),
        weeks=week_heatmaps(week),
        steps=legend(),
        accelerator_download=download("gpu money by accelerator", accelerators),
        model_download=download("gpu money by model version", models),
        week_download=download("utilization by hour of week", week),
    )
