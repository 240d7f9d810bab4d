"""A pytest plugin: the table of what was planted and what was found, over all workers and seeds.

VALUEOPS_TRUTH_TABLE names a file to write it to.
"""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RECOVERED = "recovered"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table of effects and seeds, from the reports of all workers."""
    entries = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == RECOVERED and getattr(report, "when", "") == "call"
    ]
    if not entries:
        return
    lines = _table(entries)
    terminalreporter.section("planted and found")
    for line in lines:
        terminalreporter.write_line(line)
    if target := os.environ.get("VALUEOPS_TRUTH_TABLE"):
        page = _page(lines, len({entry[1] for entry in entries}))
        Path(target).write_text(page, encoding="utf-8")


def _table(entries: list[list[Any]]) -> list[str]:
    by_effect: dict[str, list[list[Any]]] = {}
    for entry in entries:
        by_effect.setdefault(entry[0], []).append(entry)
    lines = [
        "| effect | seeds | found | planted USD, least to most | largest error USD |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for effect, found in sorted(by_effect.items()):
        planted = [entry[2] for entry in found]
        errors = [abs(entry[3] - entry[2]) for entry in found if entry[3] is not None]
        lines.append(
            f"| {effect} | {len({entry[1] for entry in found})} "
            f"| {sum(entry[4] for entry in found)} of {len(found)} "
            f"| {min(planted):,.2f} to {max(planted):,.2f} "
            f"| {max(errors, default=float('nan')):,.2f} |"
        )
    return lines


def _page(lines: list[str], seeds: int) -> str:
    return "\n".join(
        (
            "# Planted and found",
            "",
            f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {seeds} seeds of "
            "the demo company (60 days), and clean ones beside. `make truth` writes this file; "
            "each line is a comparison in `tests/truth`, with the tolerance of `truth.json`.",
            "",
            *lines,
            "",
        )
    )
