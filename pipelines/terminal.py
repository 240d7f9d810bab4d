"""A console that shows names from outside, and is never steered by them."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from pipelines.harmless import harmless


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
