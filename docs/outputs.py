"""Fills in what the example queries of the marts' pages say of the demo company: `make docs`.

An example is a block of SQL with the line `<!-- output: query -->` below it; what it prints comes
after that line, and takes the place of what an earlier run left there.
"""

import io
import re
import sys
from pathlib import Path

from pipelines.query import Format, run_query

_PAGES = Path(__file__).parent / "marts"
_MARK = "<!-- output: query -->"
_EXAMPLE = re.compile(
    r"```sql\n(?P<query>(?:(?!```).)*?)```\n\n" + _MARK + r"\n(?:\n```text\n(?:(?!```).)*?```\n)?",
    re.DOTALL,
)
_MOST_ROWS = 12


def fill(page: Path, warehouse: Path) -> None:
    """Run every example of a page and write its output below it.

    Args:
        page: A Markdown file.
        warehouse: The demo company's published warehouse.
    """

    def with_output(found: re.Match[str]) -> str:
        query = found["query"]
        return f"```sql\n{query}```\n\n{_MARK}\n\n```text\n{_output(query, warehouse)}```\n"

    text = page.read_text(encoding="utf-8")
    page.write_text(_EXAMPLE.sub(with_output, text), encoding="utf-8")


def _output(query: str, warehouse: Path) -> str:
    out = io.StringIO()
    run_query(warehouse, query.strip().rstrip(";"), Format.TABLE, out)
    heading, *rows, count = (line.rstrip() for line in out.getvalue().splitlines())
    shown = rows[:_MOST_ROWS]
    if len(rows) > len(shown):
        count = f"{count[:-1]}, the first {len(shown)} shown)"
    return "\n".join([heading, *shown, count]) + "\n"


if __name__ == "__main__":
    for path in sorted(_PAGES.glob("*.md")):
        fill(path, Path(sys.argv[1]) / "warehouse.duckdb")
