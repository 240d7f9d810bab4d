"""A byte stream in which everything is UTF-8 and what was not is marked.

Arrow's CSV parser gives up a whole file at a short row that holds bytes beyond UTF-8. The mark is a
code point that Unicode keeps free for such use (a noncharacter), so that no real text holds it.
"""

import codecs
import io

import pyarrow as pa

MARK = "\ufdd0"
MARK_BYTES = MARK.encode()
NEVER_UTF8 = b"\xff"

_MARKED = "valueops.marked"
codecs.register_error(_MARKED, lambda error: (MARK, error.end))


class MarkedStream(io.RawIOBase):
    """Passes bytes on, with each sequence that is not UTF-8 replaced by `MARK`.

    Args:
        stream: The stream to read from; closed with this one.
    """

    def __init__(self, stream: pa.NativeFile) -> None:
        self._stream = stream
        self._pending = b""
        self.has_marks = False

    def readable(self) -> bool:
        """True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes; may be fewer than asked for, and none only at the end."""
        while True:
            piece = self._stream.read(None if size < 0 else size)
            content = self._pending + piece
            checked = self._checked(content, is_last=not piece)
            if checked or not piece:
                return checked

    def close(self) -> None:
        """Close both streams."""
        self._stream.close()
        super().close()

    def _checked(self, content: bytes, is_last: bool) -> bytes:
        """Content up to its last whole character; the rest waits for the next piece."""
        try:
            _, used = codecs.utf_8_decode(content, "strict", is_last)
        except UnicodeDecodeError:
            text, used = codecs.utf_8_decode(content, _MARKED, is_last)
            self.has_marks = True
            self._pending = content[used:]
            return text.encode("utf-8")
        self._pending = content[used:]
        return content[:used] if self._pending else content
