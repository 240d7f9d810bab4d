"""Render the pages: ask the warehouse, fill the template, put the file in place."""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import formats
from reports.sections.burn import PARTS, burn
from reports.sections.demand import demand
from reports.sections.key_figures import key_figures
from reports.sections.model_costs import model_costs
from reports.sections.window import find_window
from reports.warehouse import Warehouse, open_warehouse

_TEMPLATES = Path(__file__).parent / "templates"


def render_reports(warehouse: Path, out_dir: Path) -> list[Path]:
    """Write every report from the published warehouse.

    Args:
        warehouse: The published DuckDB file; opened read-only.
        out_dir: Where the pages go; created when missing. A page is replaced in one step, so
            that a reader never sees half of one.

    Returns:
        The pages written: capacity.html.

    Raises:
        duckdb.IOException: The warehouse does not exist or cannot be read.
    """
    with open_warehouse(warehouse) as opened:
        page = capacity_page(opened)
    out_dir.mkdir(parents=True, exist_ok=True)
    path = out_dir / "capacity.html"
    half = path.with_suffix(".html.part")
    half.write_text(page, encoding="utf-8")
    half.replace(path)
    return [path]


def capacity_page(warehouse: Warehouse) -> str:
    """Render the capacity report as one HTML page that needs no network.

    Args:
        warehouse: An open warehouse; tables may be missing or empty.

    Returns:
        The page: style, script and data inside, and a content policy that forbids the rest.
    """
    window = find_window(warehouse)
    script = (_TEMPLATES / "capacity.js").read_text(encoding="utf-8")
    digest = hashlib.sha256(script.encode()).digest()
    return (
        _environment()
        .get_template("capacity.html.j2")
        .render(
            window=window,
            is_demo=any(row["is_demo"] for row in warehouse.rows("is_demo")),
            figures=key_figures(warehouse, window),
            demand=demand(warehouse),
            burn=burn(warehouse, window),
            burn_parts=PARTS,
            costs=model_costs(warehouse, window),
            style=Markup((_TEMPLATES / "capacity.css").read_text(encoding="utf-8")),  # noqa: S704
            script=Markup(script),  # noqa: S704
            script_hash=base64.b64encode(digest).decode(),
        )
    )


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
            "usd", "usd_short", "count", "short", "gpus", "percent", "day", "hour", "month",
        )
    }  # fmt: skip
    return environment
