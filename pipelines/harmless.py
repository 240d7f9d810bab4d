"""Text from outside that steers nothing: no terminal, no message, no reading direction."""

import unicodedata

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
