"""The documentation as a reader sees it: pages, their fenced blocks, tables and links."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
INPUT_PAGES = DOCS / "bring-your-own-data"
MART_PAGES = DOCS / "marts"

_FENCE = re.compile(r"^```(\w+)(?: (\w+)=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what it is marked as (title, broken, quarantine), its file."""

    page: Path
    language: str
    mark: str
    file: str
    text: str


@dataclass(frozen=True)
class Page:
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def blocks(self) -> list[Block]:
        found = _FENCE.findall(self.text)
        assert self.text.count("\n```") == 2 * len(found), f"{self.path}: an unreadable fence"
        return [Block(self.path, *block) for block in found]

    @cached_property
    def prose(self) -> str:
        """The page without its fenced blocks."""
        return _FENCE.sub("", self.text)

    @property
    def links(self) -> list[str]:
        return _LINK.findall(_INLINE_CODE.sub("", self.prose))

    @property
    def anchors(self) -> set[str]:
        """Names of its headings as a link addresses them: lower case, blanks as dashes."""
        return {
            re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading in _HEADING.findall(self.prose)
        }


def table_rows(text: str, width: int) -> list[list[str]]:
    """Cells of every table row of this many columns whose first cell is one code word."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| `")
    ]
    return [
        [row[0].strip("`"), *row[1:]]
        for row in rows
        if len(row) == width and re.fullmatch(r"`[^`]+`", row[0])
    ]


def pages(folder: Path = DOCS) -> list[Page]:
    return [Page(path) for path in sorted(folder.rglob("*.md"))]


def blocks(folder: Path, mark: str) -> list[Block]:
    """Every block below a folder that carries a mark."""
    return [block for page in pages(folder) for block in page.blocks if block.mark == mark]
