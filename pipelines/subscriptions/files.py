"""Reports as files to deliver: rendered once each, with links that lead to what is delivered."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipelines.errors import UserError
from pipelines.query import open_warehouse
from reports.pdf import NoPdfEngineError, write_pdf
from reports.render import PAGES, render_page, without_links

_AS_OF = Path(__file__).parents[1] / "queries" / "as_of.sql"
MEDIA_TYPES = {"html": ("text", "html"), "pdf": ("application", "pdf")}
TITLES = {
    "value": "Weekly value review",
    "capacity": "GPU capacity report",
    "costs": "AI cost report",
}


@dataclass(frozen=True)
class ReportFile:
    """One file.

    Attributes:
        name: Like `value.html`.
        extension: html or pdf.
        content: Its bytes.
    """

    name: str
    extension: str
    content: bytes


@dataclass
class Press:
    """Makes files of one published warehouse; what was made is kept.

    Attributes:
        warehouse: The published warehouse.
        as_of: Its newest day with billing data; None without bills.
    """

    warehouse: Path
    as_of: date | None
    _pages: dict[str, str] = field(default_factory=dict)
    _pdfs: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, warehouse: Path) -> "Press":
        """Opens the press.

        Raises:
            WarehouseUnreadableError: There is no warehouse.
        """
        with open_warehouse(warehouse) as connection:
            row = connection.execute(_AS_OF.read_text(encoding="utf-8")).fetchone()
        return cls(warehouse, row[0] if row else None)

    def make(self, report: str, extension: str, delivered: tuple[str, ...]) -> ReportFile:
        """One report as a file.

        Args:
            report: Its name.
            extension: html or pdf.
            delivered: Reports that go the same way as pages: links lead to them only.

        Raises:
            UserError: PDF is asked for, and nothing here can write it.
        """
        if report not in self._pages:
            self._pages[report] = render_page(self.warehouse, report)
        name = f"{report}.{extension}"
        if extension == "html":
            missing = set(PAGES) - {f"{each}.html" for each in delivered}
            page = without_links(self._pages[report], missing)
            return ReportFile(name, extension, page.encode())
        if report not in self._pdfs:
            page = without_links(self._pages[report], set(PAGES))
            try:
                self._pdfs[report] = write_pdf(page, f"{TITLES[report]}, {self.as_of or 'no data'}")
            except NoPdfEngineError as error:
                raise UserError(str(error)) from error
        return ReportFile(name, extension, self._pdfs[report])
