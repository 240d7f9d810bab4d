"""`python -m benchmarks.forecasts.speed_side SIDE SERIES`: one side, in a process of its own.

Prints the seconds of the forecast itself: without imports and without drawing the series; and
what is in memory before it begins.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks.forecasts.folds import as_history
from benchmarks.forecasts.made_up import made_up_panel
from forecasts import forecast_groups
from forecasts.panel import Panel

HORIZON = 168


def ours(panel: Panel) -> None:
    """The whole path, group by group: backtests, choice, every model's forecast."""
    history = as_history(panel)
    sys.stdout.write(f"\ninput {_resident_mib():.0f}\n")
    groups = forecast_groups(history, panel.end, horizon_hours=HORIZON)
    champions = sum(int(made.forecasts["is_champion"].sum()) for made in groups)
    if champions != len(panel.ids) * HORIZON:
        raise RuntimeError(f"{champions} hours for {len(panel.ids)} series")


def prophet(panel: Panel) -> None:
    """Default Prophet with its intervals, one series after the other."""
    from prophet import Prophet

    future = pd.DataFrame({"ds": panel.future(HORIZON)})
    for row in range(len(panel.ids)):
        known = pd.DataFrame({"ds": panel.ds, "y": panel.y[row]}).dropna()
        Prophet().fit(known).predict(future)


SIDES: dict[str, Callable[[Panel], None]] = {"ours": ours, "prophet": prophet}


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Run the side named on the command line."""
    panel = made_up_panel(int(sys.argv[2]))
    warm = made_up_panel(1, points=400)
    # The first fit loads Prophet and its compiled model; both sides have done that already.
    prophet(warm)
    began = time.perf_counter()
    SIDES[sys.argv[1]](panel)
    sys.stdout.write(f"\nseconds {time.perf_counter() - began:.3f}\n")


if __name__ == "__main__":
    main()
