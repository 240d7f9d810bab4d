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

_LONGEST_LINE = 64 << 20

_MARKED = "valueops.marked"


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return MARK, error.end


codecs.register_error(_MARKED, _mark)


class MarkedStream(io.RawIOBase):
    """Passes whole lines on, with each sequence that is not UTF-8 replaced by `MARK`.

    A read error ends the stream after the last whole line, so that the rows before it count;
    `raise_error` then says that there was one.

    Args:
        stream: The stream to read from; closed with this one.
    """

    def __init__(self, stream: pa.NativeFile) -> None:
        self._stream = stream
        self._pending = b""
        self._error: Exception | None = None
        self.has_marks = False

    def raise_error(self) -> None:
        """Raise what ended the stream before the end of the file, if anything did."""
        if self._error is not None:
            raise self._error

    def readable(self) -> bool:
        """True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next lines, none only at the end; how many bytes they have varies."""
        while self._error is None:
            try:
                piece = self._stream.read(None if size < 0 else size)
            except (OSError, pa.ArrowException) as error:
                self._error = error
                break
            content = self._pending + piece
            end = content.rfind(b"\n") + 1
            if not piece or len(content) - end > _LONGEST_LINE:
                end = len(content)
            self._pending = content[end:]
            if end or not piece:
                return self._marked(content[:end] if self._pending else content)
        return b""

    def close(self) -> None:
        """Close both streams."""
        self._stream.close()
        super().close()

    def _marked(self, lines: bytes) -> bytes:
        try:
            lines.decode("utf-8")
        except UnicodeDecodeError:
            self.has_marks = True
            return lines.decode("utf-8", _MARKED).encode("utf-8")
        return lines
