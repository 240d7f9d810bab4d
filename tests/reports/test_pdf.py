"""Pages on paper: written for real, and read again."""

import re
import socket
import zlib

import pytest

from reports.pdf import NoPdfEngineError, for_paper, write_pdf
from reports.render import render_page


@pytest.fixture(scope="module")
def page(small_company):
    return render_page(small_company, "value")


@pytest.fixture(scope="module")
def pdf(page):
    return write_pdf(page, 'Weekly "value" review; }')


def drawing(pdf: bytes) -> str:
    """All content streams, unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    texts = []
    for stream in streams:
        try:
            texts.append(zlib.decompress(stream).decode("latin-1"))
        except zlib.error:
            continue
    return "\n".join(texts)


def test_a_page_becomes_a_pdf_with_sheets(pdf):
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 10_000


def test_the_charts_are_drawn_in_their_colours(pdf):
    drawn = drawing(pdf)

    def colour(hex_code: str) -> str:
        return " ".join(f"{int(hex_code[i : i + 2], 16) / 255:.3f}"[:4] for i in (0, 2, 4))

    # The median's stroke and the outermost band's fill, as the style sheet has them in light.
    for hex_code, operators in (("0b5cad", "RG|SCN|scn|rg"), ("dceaf7", "rg|scn")):
        red, green, blue = (re.escape(part) for part in colour(hex_code).split())
        assert re.search(rf"{red}\d* {green}\d* {blue}\d* (?:{operators})", drawn), hex_code


def test_paper_has_no_scripts_files_or_buttons(page):
    paper = for_paper(page)
    for tag in ("<script", "<button", "<nav", 'class="csv"', "data-points", "data:text/csv"):
        assert tag in page or tag == "data-points"
        assert tag not in paper
    assert 'class="line history"' not in paper
    assert paper.count("<path") == page.count("<path")


def test_names_from_outside_stay_text():
    escaped = "&lt;script&gt;x&lt;/script&gt; &lt;path class=&#34;line history&#34;"
    assert for_paper(f"<p>{escaped}</p>") == f"<p>{escaped}</p>"


def test_nothing_is_fetched(tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="9">planted</text></svg>')
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        html = f'<link rel="stylesheet" href="{address}/x.css"><img src="{address}/x.png">'
        pdf = write_pdf(f'{html}<img src="file://{secret}">')
        with pytest.raises(TimeoutError):
            server.accept()
    assert pdf.startswith(b"%PDF-")
    assert b"/Font" not in pdf


def test_a_missing_engine_is_said_with_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    with pytest.raises(NoPdfEngineError, match=r"valueops\[pdf\].*libpango"):
        write_pdf("<p>text</p>")
