"""A console that shows names from outside, and is never steered by them."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

_LAID_OUT = "\n\t"
# Text that turns the reading direction of what follows it, up to the end of the line.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def harmless(text: str) -> str:
    r"""Text in which every character that a terminal would obey is a picture of itself.

    A model called `\x1b[2J` would clear the screen, `\x1b]0;...` name the window, and U+202E
    show what follows backwards.
    """
    if text.isprintable() and _BIDI.isdisjoint(text):
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character in _LAID_OUT:
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    is_control = unicodedata.category(character) == "Cc" or character in _BIDI
    return "\ufffd" if is_control else character


class HarmlessConsole(Console):
    """A console whose text is harmless; what rich itself says to the terminal stays."""

    def render_str(self, text: str, **how: Any) -> Text:
        """Text is made harmless before rich measures it."""
        return super().render_str(harmless(text), **how)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Renders as rich does, and looks at each piece of text."""
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else harmless(segment.text)
            yield segment if text == segment.text else Segment(text, segment.style)
