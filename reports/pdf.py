"""A page on paper: the same HTML, light, without what only a screen can do."""

import re
from pathlib import Path

_TEMPLATES = Path(__file__).parent / "templates"
# The printer draws SVG without the page's style sheet: what it says of a class goes to the shape.
_SHAPES = {
    "line history": ("none", "seen", "2.5", ""),
    "line allocated": ("none", "held", "3", "12 8"),
    "line median": ("none", "median", "3", ""),
    "line reference": ("none", "other", "2.5", "3 6"),
    "band band-1": ("band-1", "none", "0", ""),
    "band band-2": ("band-2", "none", "0", ""),
    "band band-3": ("band-3", "none", "0", ""),
    "band band-4": ("band-4", "none", "0", ""),
}
_COLOUR = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), #[0-9a-f]{6}\)")
# Paper has no links to files, no buttons and no scripts; data in them is most of a page's bytes.
_SCREEN_ONLY = re.compile(
    r"<script>.*?</script>|<p class=\"csv\">.*?</p>|<nav .*?</nav>|<button .*?</button>"
    r"| data-points='[^']*'",
    re.DOTALL,
)
_DRAWING = re.compile(r'<svg viewBox="0 0 (\d+) \d+".*?</svg>', re.DOTALL)
_SVG_CLASS = re.compile(r'<path class="([a-z0-9 -]+)"')
# Drawings are stretched to their box, lines with them: few hours make lines wide.
_FEW_HOURS, _THINNER = 400, 0.4


class NoPdfEngineError(Exception):
    """What writes PDF is not installed; the message says how to get it."""


def write_pdf(page: str, title: str = "") -> bytes:
    """Print a page of this package, A4, with its charts and without the network.

    Args:
        page: HTML as `render_page` gives it.
        title: At the foot of each sheet beside its number.

    Returns:
        The PDF.

    Raises:
        NoPdfEngineError: WeasyPrint or a library that it needs is missing.
    """
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise NoPdfEngineError(
            "PDF needs WeasyPrint and Pango: uv pip install 'valueops[pdf]', and libpango-1.0-0 "
            f"and libpangoft2-1.0-0 from your system ({type(error).__name__})"
        ) from error
    inside_only = URLFetcher(allowed_protocols=["data"])
    printed = HTML(string=for_paper(page), url_fetcher=inside_only).write_pdf(
        stylesheets=[CSS(string=_sheet(title))]
    )
    # None only where it writes to a file.
    return printed or b""


def for_paper(page: str) -> str:
    """The page as it is printed: no scripts, no files, and shapes that know their colours.

    Args:
        page: HTML of this package: names from outside are escaped in it, so that no text can look
            like one of its tags.
    """
    colours = dict(_COLOUR.findall((_TEMPLATES / "page.css").read_text(encoding="utf-8")))
    return _DRAWING.sub(lambda found: _drawing(found, colours), _SCREEN_ONLY.sub("", page))


def _drawing(found: re.Match[str], colours: dict[str, str]) -> str:
    scale = _THINNER if int(found[1]) < _FEW_HOURS else 1.0
    return _SVG_CLASS.sub(lambda path: _shape(path[1], colours, scale), found[0])


def _shape(name: str, colours: dict[str, str], scale: float) -> str:
    if name not in _SHAPES:
        return f'<path class="{name}"'
    fill, stroke, width, dashes = _SHAPES[name]
    drawn = (
        f'<path fill="{colours.get(fill, fill)}" stroke="{colours.get(stroke, stroke)}" '
        f'stroke-width="{float(width) * scale:.2f}" stroke-linejoin="round"'
    )
    return f'{drawn} stroke-dasharray="{dashes}"' if dashes else drawn


def _sheet(title: str) -> str:
    said = re.sub(r"[^\w .,:-]", " ", title)
    return (
        "@page { size: A4; margin: 14mm 13mm 16mm;"
        f' @bottom-left {{ content: "{said}"; font-size: 8pt; color: #52606d; }}'
        ' @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt;'
        " color: #52606d; } }"
    )
