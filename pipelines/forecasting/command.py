"""`valueops forecast`: one series at the terminal, as a chart and a table, CSV or JSON."""

import csv
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

import pandas as pd
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pipelines.forecasting.lookup import ForecastRequest, SeriesForecast, find_forecast
from pipelines.query import Format, plain_json, plain_text
from pipelines.terminal import HarmlessConsole
from reports import formats
from reports.charts.terminal import ASCII, Signs, terminal_chart

_QUANTILES = ["y_p50", "y_p80", "y_p90", "y_p95", "y_p99"]
_UNITS = {"gpus": "GPUs", "tokens": "tokens per hour", "requests": "requests per hour"}
_PIPE_COLUMNS = 100
_LEAST_HISTORY, _MOST_HISTORY = 168, 672


def show_forecast(warehouse: Path, request: ForecastRequest, style: Format, out: TextIO) -> None:
    """Write one series' forecast.

    Args:
        warehouse: The published warehouse.
        request: Series, measure, horizon, model, cutoff.
        style: `table` for a chart and days; `csv` and `json` for hours with every digit.
        out: Where to write.

    Raises:
        UserError: There is no such series, measure or model, or nothing was known then.
        WarehouseUnreadableError: There is no warehouse to ask.
    """
    found = find_forecast(warehouse, request)
    if style is Format.TABLE:
        _write_chart(found, out)
    elif style is Format.CSV:
        rows = _rows(found)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(rows[0])
        writer.writerows([_csv_text(value) for value in row.values()] for row in rows)
    else:
        json.dump(_document(found), out, indent=2, ensure_ascii=False)
        out.write("\n")


def _write_chart(found: SeriesForecast, out: TextIO) -> None:
    console = HarmlessConsole(file=out, highlight=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _PIPE_COLUMNS
    signs = Signs() if _can_say(out, "█░▒●┊┤└─") else ASCII
    dash = "–" if signs is not ASCII else "-"  # noqa: RUF001
    role = "champion" if found.is_champion else "not the champion"
    if found.is_champion and found.reason:
        role += f": {found.reason}"
    origin = "published" if found.is_published else "computed now from this series alone"
    console.print(f"[bold]{escape(formats.series_name(found.unique_id))}[/bold]")
    console.print(
        f"{_UNITS[found.measure]} by {escape(found.model)} ({escape(role)}), {origin}; "
        f"{len(found.hours):,} hours after {found.created_at:%Y-%m-%d %H:%M} UTC"
    )
    console.print()
    for line in _chart(found, console.width, signs):
        console.print(_coloured(line, signs), no_wrap=True, overflow="crop")
    came = f"  {signs.came} what came" if found.hours["y"].notna().any() else ""
    console.print(
        f"{signs.seen} seen  {signs.median} 50 %  {signs.band} up to 95 %{came}", style="dim"
    )
    console.print()
    console.print(_days(found, dash))
    console.print()
    for line in (_backtest(found), _came(found)):
        if line is not None:
            console.print(line.replace(formats.UNKNOWN, dash), soft_wrap=True)


def _chart(found: SeriesForecast, width: int, signs: Signs) -> list[str]:
    shown = min(max(len(found.hours), _LEAST_HISTORY), _MOST_HISTORY)
    past = found.history.tail(shown)
    came = found.hours["y"].to_numpy(dtype=float)
    return terminal_chart(
        past["y"].to_numpy(dtype=float),
        found.hours[_QUANTILES].to_numpy(dtype=float),
        pd.Timestamp(past["ds"].iloc[0]),
        width,
        came=came if found.hours["y"].notna().any() else None,
        signs=signs,
    )


def _coloured(line: str, signs: Signs) -> Text:
    text = Text(line)
    if signs is not ASCII:
        for sign, style in ((signs.median, "cyan"), (signs.band, "blue"), (signs.came, "yellow")):
            text.highlight_regex(f"{sign}+", style)
    return text


def _days(found: SeriesForecast, dash: str) -> Table:
    """One line per day: what is typical, and its busiest hour."""
    hours = found.hours.assign(day=found.hours["ds"].dt.floor("D"))
    has_come = bool(hours["y"].notna().any())
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("day")
    names = ["mean of 50 %", "busiest hour: 50 %", "80 %", "90 %", "95 %", "99 %"]
    for name in [*names, *(["came: mean", "busiest"] if has_come else [])]:
        table.add_column(name, justify="right")
    for day, rows in hours.groupby("day", sort=True):
        values = [rows["y_p50"].mean(), *rows[_QUANTILES].max().tolist()]
        if has_come:
            values += [rows["y"].mean(), rows["y"].max()]
        told = [formats.short(value).replace(formats.UNKNOWN, dash) for value in values]
        table.add_row(f"{pd.Timestamp(str(day)):%a %Y-%m-%d}", *told)
    return table


def _backtest(found: SeriesForecast) -> str:
    """How wrong the model was on this series, in one line."""
    if not found.backtest:
        return "Never tested on this series: that needs 3 days of demand."
    parts = [
        f"{formats.horizon(row['horizon_bucket'])} {formats.percent(row['wape'])} wrong, "
        f"{formats.percent(row['coverage_90'])} of hours at or below its 90 % line, "
        f"{_skill(row)}"
        for row in found.backtest
    ]
    return "Backtest: " + "; ".join(parts) + "."


def _skill(row: Mapping[str, Any]) -> str:
    skill = row["skill"]
    if skill is None or math.isnan(skill):
        return "no seasonal naive to compare with"
    return (
        f"{formats.percent(abs(skill))} {'better' if skill >= 0 else 'worse'} than seasonal naive"
    )


def _came(found: SeriesForecast) -> str | None:
    """How wrong this very forecast was, where its hours have come by now."""
    known = found.hours.dropna(subset=["y"])
    if known.empty:
        return None
    total = float(known["y"].sum())
    error = float((known["y"] - known["y_p50"]).abs().sum())
    below = float((known["y"] <= known["y_p90"]).mean())
    wrong = formats.percent(error / total) if total > 0 else formats.UNKNOWN
    return (
        f"What came in {len(known):,} of these hours: {wrong} wrong, "
        f"{formats.percent(below)} of hours at or below the 90 % line."
    )


def _rows(found: SeriesForecast) -> list[dict[str, Any]]:
    keys = {
        "unique_id": found.unique_id,
        "measure": found.measure,
        "model": found.model,
        "is_champion": found.is_champion,
        "created_at": found.created_at.to_pydatetime(),
    }
    return [keys | row for row in _hours(found)]


def _document(found: SeriesForecast) -> dict[str, Any]:
    return {
        "unique_id": found.unique_id,
        "measure": found.measure,
        "model": found.model,
        "is_champion": found.is_champion,
        "champion_reason": found.reason,
        "is_published": found.is_published,
        "created_at": plain_json(found.created_at.to_pydatetime()),
        "backtest": [plain_json(row) for row in found.backtest],
        "hours": [plain_json(row) for row in _hours(found)],
    }


def _hours(found: SeriesForecast) -> list[dict[str, Any]]:
    """Every hour; `y` is what came, where it is known."""
    columns = ["ds", *_QUANTILES, "y"]
    return [
        {"ds": ds.to_pydatetime()} | dict(zip(columns[1:], values, strict=True))
        for ds, *values in found.hours[columns].itertuples(index=False, name=None)
    ]


def _csv_text(value: Any) -> str:
    return "" if isinstance(value, float) and math.isnan(value) else plain_text(value)


def _can_say(out: TextIO, letters: str) -> bool:
    encoding = getattr(out, "encoding", None) or "utf-8"
    try:
        letters.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
