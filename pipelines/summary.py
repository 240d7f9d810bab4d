"""The few lines a refresh ends with."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from pipelines.duck import open_read_only
from pipelines.home import HomePaths

if TYPE_CHECKING:
    from pipelines.outcome import RunOutcome, SourceCounts

_SPEND_QUERY = Path(__file__).with_name("queries") / "spend.sql"


@dataclass(frozen=True)
class Spend:
    """The money of a published warehouse.

    Args:
        total_usd: Effective cost, all days.
        unattributed_usd: The part with allocation_method `unattributed`.
        days: First and last UTC day as text, or None without cost.
        rows_without_usd: Rows in a currency without a rate, which the total leaves out.
    """

    total_usd: Decimal
    unattributed_usd: Decimal
    days: str | None
    rows_without_usd: int

    @property
    def unattributed_share(self) -> Decimal:
        """Between 0 and 1; 0 where nothing was spent."""
        return self.unattributed_usd / self.total_usd if self.total_usd else Decimal(0)


def read_spend(warehouse: Path) -> Spend:
    """Sums the published cost mart.

    Raises:
        duckdb.Error: The warehouse cannot be read.
    """
    with open_read_only(warehouse) as connection:
        row = connection.sql(_SPEND_QUERY.read_text(encoding="utf-8")).fetchall()[0]
    rows, first, last, total, unattributed, without_usd = row
    return Spend(
        total_usd=Decimal(total),
        unattributed_usd=Decimal(unattributed),
        days=f"{first} to {last}" if rows else None,
        rows_without_usd=without_usd,
    )


def print_published(
    console: Console, paths: HomePaths, outcome: "RunOutcome", total_seconds: float
) -> None:
    """What was loaded, what it costs, and where to look next."""
    console.print(_sources_table(outcome.sources))
    spend = read_spend(paths.warehouse)
    console.print(
        f"Spend        {spend.total_usd:,.2f} USD effective, {spend.days or 'no billing yet'}\n"
        f"Unattributed {spend.unattributed_share:.1%} ({spend.unattributed_usd:,.2f} USD)\n"
        f"Total        {total_seconds:.1f} s",
        highlight=False,
    )
    _print_attention(console, paths, outcome, spend)
    said = "published" if outcome.published else "nothing new: as published stands"
    _plain(console, f"{said} {paths.warehouse}")
    for report in sorted(paths.reports.glob("*.html")):
        _plain(console, f"report    {report}")


def print_blocked(console: Console, paths: HomePaths, outcome: "RunOutcome", log: Path) -> None:
    """Which checks failed, on which rows, and what stands."""
    console.print(_sources_table(outcome.sources))
    for check in outcome.failed_checks:
        _plain(console, f"blocked: {check.name} ({check.summary})")
        for row in check.rows:
            _plain(console, f"  {row}")
    stands = (
        f"{paths.warehouse} stands as it was"
        if paths.warehouse.exists()
        else "nothing was published"
    )
    _plain(console, f"{stands}; the whole log is {log}")


def _sources_table(sources: "tuple[SourceCounts, ...]") -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("source")
    for name in ("files", "rows loaded", "quarantined"):
        table.add_column(name, justify="right")
    for source in sources:
        table.add_row(
            source.table, f"{source.files:,}", f"{source.loaded:,}", f"{source.quarantined:,}"
        )
    return table


def _print_attention(
    console: Console, paths: HomePaths, outcome: "RunOutcome", spend: Spend
) -> None:
    for source in outcome.sources:
        for problem in source.problems:
            _plain(console, f"! {problem}")
    quarantined = sum(source.quarantined for source in outcome.sources)
    if quarantined:
        _plain(
            console,
            f"! {quarantined:,} rows were quarantined and go into no sum; to see why: "
            f'valueops sql --home {paths.root} "from quarantine"',
        )
    if spend.rows_without_usd:
        _plain(
            console,
            f"! {spend.rows_without_usd:,} cost rows are in a currency without a USD rate "
            "and are in no USD sum",
        )


def _plain(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
