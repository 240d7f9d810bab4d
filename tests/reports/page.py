"""Reading a rendered page as a browser would: tags, words, addresses, and the files in it."""

import csv
import gzip
import io
from base64 import b64decode
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

from reports import render_reports

PAGES = ("capacity.html", "costs.html", "value.html")


@dataclass
class Page(HTMLParser):
    """Collects tags, visible words, addresses and CSV links."""

    source: str
    tags: list = field(default_factory=list)
    words: list = field(default_factory=list)
    addresses: list = field(default_factory=list)
    open: list = field(default_factory=list)
    ids: list = field(default_factory=list)
    links: list = field(default_factory=list)

    VOID = ("meta", "link", "path", "br", "input")

    def __post_init__(self):
        super().__init__()
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        attributes = dict(attrs)
        self.addresses += [v for k, v in attrs if k in {"src", "href"}]
        self.ids += [attributes["id"]] if "id" in attributes else []
        if "download" in attributes:
            self.links.append(attributes)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def files(self):
        """File name to rows, as a spreadsheet reads them."""
        return {link["download"].removesuffix(".gz"): _rows(link["href"]) for link in self.links}


def _rows(href):
    kind, _, body = href.partition(",")
    if kind == "data:text/csv;charset=utf-8":
        text = unquote(body)
    else:
        assert kind == "data:application/gzip;base64"
        text = gzip.decompress(b64decode(body)).decode()
    return list(csv.DictReader(io.StringIO(text)))


def render(warehouse, out):
    """Every page by file name."""
    written = render_reports(warehouse, out)
    assert written == [out / name for name in PAGES]
    return {path.name: Page(path.read_text(encoding="utf-8")) for path in written}
