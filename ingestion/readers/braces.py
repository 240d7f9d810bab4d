"""JSON lines as Arrow's parser can take them: one object in each, and not nested without end.

The parser looks at values and not at lines, and it ends the whole process where a block begins with
a bare `null` (https://github.com/apache/arrow/issues/47409) or nests beyond the stack.
"""

import numpy as np

_BREAK, _RETURN, _OPEN, _CLOSE = (ord(character) for character in "\n\r{}")
_DEEPEST = 2000
_BLANK = b" \t\r"


def plain_lines(block: bytes) -> tuple[bytes, int] | None:
    """A block that is safe to parse, or None where some line needs a closer look.

    Args:
        block: Whole lines.

    Returns:
        The block without blank lines and white space around lines, and its number of lines; every
        line begins with `{` and ends with `}`.
    """
    ends = _ends(block)
    if not _is_braced(block, ends):
        lines = [line for line in (line.strip(_BLANK) for line in block.split(b"\n")) if line]
        block = b"\n".join([*lines, b""])
        ends = _ends(block)
        if not _is_braced(block, ends):
            return None
    starts = np.concatenate(([0], ends[:-1] + 1))
    for line in np.flatnonzero(ends - starts > _DEEPEST):
        start, end = int(starts[line]), int(ends[line])
        if block.count(b"{", start, end) + block.count(b"[", start, end) > _DEEPEST:
            return None
    return block, len(ends)


def _ends(block: bytes) -> np.ndarray:
    """Where each line ends: the offsets of the line breaks, and of the end without one."""
    breaks = np.flatnonzero(np.frombuffer(block, np.uint8) == _BREAK)
    return breaks if block.endswith(b"\n") else np.append(breaks, len(block))


def _is_braced(block: bytes, ends: np.ndarray) -> bool:
    """Whether every line begins with `{` and ends with `}`."""
    raw = np.frombuffer(block, np.uint8)
    if not block.startswith(b"{") or ends[0] < 1:
        return False
    last = raw[ends - 1]
    last = np.where(last == _RETURN, raw[np.maximum(ends - 2, 0)], last)
    return bool((last == _CLOSE).all() and (raw[ends[:-1] + 1] == _OPEN).all())
