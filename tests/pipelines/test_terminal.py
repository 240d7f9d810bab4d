"""Names from outside are shown, and steer no terminal."""

import io
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from pipelines.alerts import slack
from pipelines.gate import answer
from pipelines.harmless import harmless
from pipelines.terminal import HarmlessConsole


def test_controls_become_pictures_of_themselves() -> None:
    assert harmless("\x1b[2J\x07\x7f") == "␛[2J␇␡"
    assert harmless("a\x9b2Jb\u202etxt.exe") == "a\ufffd2Jb\ufffdtxt.exe"
    assert harmless("two\nlines\tand 🦆 é") == "two\nlines\tand 🦆 é"


@given(st.text())
def test_nothing_but_line_ends_and_tabs_controls_anything(text: str) -> None:
    shown = harmless(text)
    assert len(shown) == len(text)
    assert all(unicodedata.category(c) != "Cc" or c in "\n\t" for c in shown)


def test_a_table_shows_a_hostile_name_and_keeps_its_own_colours() -> None:
    out = io.StringIO()
    table = Table("name", box=None)
    table.add_row("\x1b[2Jcleared", style="bold")
    HarmlessConsole(file=out, force_terminal=True, width=40, markup=False).print(table)
    assert "␛[2Jcleared" in out.getvalue()
    assert "\x1b[2J" not in out.getvalue() and "\x1b[1m" in out.getvalue()


def test_messages_and_comments_show_controls_too() -> None:
    name = "a\x1b[2J\u202eb"
    assert slack.escape(name) == answer.text("a\x1b\u202eb").replace("␛", "␛[2J")
    assert slack.escape(name) == "a␛[2J\ufffdb"
