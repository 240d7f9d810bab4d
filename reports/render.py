"""Render the pages: ask the warehouse, fill the templates, put the files in place."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import formats
from reports.sections.burn import PARTS, burn
from reports.sections.bursts import bursts
from reports.sections.demand import demand
from reports.sections.forecast_review import forecast_review
from reports.sections.honesty import honesty
from reports.sections.key_figures import key_figures
from reports.sections.model_costs import model_costs
from reports.sections.plan import plan
from reports.sections.plan_week import plan_week
from reports.sections.series import drawn_series
from reports.sections.value_review import value_review
from reports.sections.window import find_window
from reports.warehouse import Warehouse, open_warehouse

_TEMPLATES = Path(__file__).parent / "templates"
_STYLES = ("page.css", "charts.css", "media.css")


def render_reports(warehouse: Path, out_dir: Path) -> list[Path]:
    """Write every report from the published warehouse.

    Args:
        warehouse: The published DuckDB file; opened read-only.
        out_dir: Where the pages go; created when missing. A page is replaced in one step, so
            that a reader never sees half of one.

    Returns:
        The pages written: capacity.html, costs.html and value.html.

    Raises:
        duckdb.IOException: The warehouse does not exist or cannot be read.
    """
    with open_warehouse(warehouse) as opened:
        pages = {name: page(opened) for name, page in PAGES.items()}
    out_dir.mkdir(parents=True, exist_ok=True)
    return [_put(out_dir / name, page) for name, page in pages.items()]


def render_page(warehouse: Path, report: str) -> str:
    """Render one report without writing it.

    Args:
        warehouse: The published DuckDB file; opened read-only.
        report: capacity, costs or value.

    Raises:
        KeyError: There is no such report.
        duckdb.IOException: The warehouse does not exist or cannot be read.
    """
    page = PAGES[f"{report}.html"]
    with open_warehouse(warehouse) as opened:
        return page(opened)


def without_links(page: str, missing: Iterable[str]) -> str:
    """The page without ways to pages that do not go with it.

    Args:
        page: HTML of this package.
        missing: File names of the pages.
    """
    names = "|".join(re.escape(name) for name in sorted(missing))
    if not names:
        return page
    anchor = re.compile(rf'<a href="(?:{names})(?:#[^"]*)?"([^>]*)>([^<]*)</a>')
    # In the navigation a link that leads nowhere is noise; in a sentence its words stay.
    return anchor.sub(lambda found: "" if found[2].endswith("→") else found[2], page)


def capacity_page(warehouse: Warehouse) -> str:
    """Render what to reserve and why, as one HTML page that needs no network.

    Args:
        warehouse: An open warehouse; tables may be missing or empty.

    Returns:
        The page: style, script and data inside, and a content policy that forbids the rest.
    """
    drawn = drawn_series(warehouse)
    return _fill(
        "capacity.html.j2",
        warehouse,
        created_at=drawn.created_at,
        plan=plan(warehouse, drawn),
        demand=demand(drawn),
        honesty=honesty(warehouse, drawn),
        bursts=bursts(warehouse),
        plan_week=plan_week(warehouse),
    )


def costs_page(warehouse: Warehouse) -> str:
    """Render what was spent, on what, and what idled; arguments and page as `capacity_page`."""
    window = find_window(warehouse)
    return _fill(
        "costs.html.j2",
        warehouse,
        figures=key_figures(warehouse, window),
        burn=burn(warehouse, window),
        burn_parts=PARTS,
        costs=model_costs(warehouse, window),
    )


def value_page(warehouse: Warehouse) -> str:
    """Render verdicts, what changed in a week, alerts, and last week's forecast; as the others."""
    return _fill(
        "value.html.j2",
        warehouse,
        review=value_review(warehouse, find_window(warehouse)),
        forecast=forecast_review(warehouse),
    )


#: File name to what renders it.
PAGES: dict[str, Callable[[Warehouse], str]] = {
    "capacity.html": capacity_page,
    "costs.html": costs_page,
    "value.html": value_page,
}


def _put(path: Path, page: str) -> Path:
    half = path.with_name(f"{path.name}.part")
    half.write_text(page, encoding="utf-8")
    half.replace(path)
    return path


def _fill(template: str, warehouse: Warehouse, **content: object) -> str:
    script = _text("page.js")
    digest = hashlib.sha256(script.encode()).digest()
    return (
        _environment()
        .get_template(template)
        .render(
            window=find_window(warehouse),
            is_demo=any(row["is_demo"] for row in warehouse.rows("is_demo")),
            style=Markup("".join(map(_text, _STYLES))),  # noqa: S704
            script=Markup(script),  # noqa: S704
            script_hash=base64.b64encode(digest).decode(),
            **content,
        )
    )


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        name: getattr(formats, name)
        for name in (
            "usd", "usd_change", "usd_short", "count", "short", "gpus", "whole", "percent",
            "chance", "day", "short_day", "hour", "month", "horizon", "model_label",
        )
    }  # fmt: skip
    return environment
