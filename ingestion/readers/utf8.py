"""A byte stream in which everything is UTF-8 and what was not is marked.

Arrow's CSV parser gives up a whole file at a short row that holds bytes beyond UTF-8. The mark is a
code point that Unicode keeps free for such use (a noncharacter), so that no real text holds it.
"""

import codecs
import io

import numpy as np
import pyarrow as pa

from ingestion.readers.stream import read_block

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
        quote: The character that quotes values, empty where none does.
        last_row: Ends the stream when its quotes are odd in number: a parser that does not find
            this row of its own read it as part of a quoted value that is never closed.
    """

    def __init__(self, stream: pa.NativeFile, quote: str = "", last_row: str = "") -> None:
        self._stream = stream
        self._quote = quote.encode()
        self._last_row = last_row
        self._quotes = 0
        self._is_ended = False
        self._is_last_row_found = False
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
            piece, self._error = read_block(self._stream, size)
            if not piece and self._error is not None:
                break
            content = self._pending + piece
            end = content.rfind(b"\n") + 1
            if not piece or len(content) - end > _LONGEST_LINE:
                end = len(content)
            self._pending = content[end:]
            if end or not piece:
                lines = self._marked(content[:end] if self._pending else content)
                return lines if piece else lines + self._ending()
        return b""

    def _ending(self) -> bytes:
        """The last row where it is needed, once."""
        if self._is_ended or not self._last_row or self._quotes % 2 == 0:
            return b""
        self._is_ended = self.has_marks = True
        return f"\n{self._last_row}\n".encode()

    @property
    def is_closed(self) -> bool:
        """Whether no quoted value reaches beyond the end, once everything is parsed."""
        return self._is_last_row_found or not self._is_ended

    def is_last_row(self, text: str) -> bool:
        """Whether a parsed row is the added one, which is then taken note of."""
        is_it = self._is_ended and text == self._last_row
        self._is_last_row_found = self._is_last_row_found or is_it
        return is_it

    def shown(self, text: str) -> str:
        """A row's text as its file has it, with a replacement character for each mark."""
        if self._is_ended:
            text = text.removesuffix("\n").removesuffix(self._last_row).removesuffix("\n")
        return text.replace(MARK, "\ufffd")

    def close(self) -> None:
        """Close both streams."""
        self._stream.close()
        super().close()

    def _marked(self, lines: bytes) -> bytes:
        if self._quote:
            self._quotes += np.count_nonzero(np.frombuffer(lines, np.uint8) == ord(self._quote))
        try:
            lines.decode("utf-8")
        except UnicodeDecodeError:
            self.has_marks = True
            return lines.decode("utf-8", _MARKED).encode("utf-8")
        return lines
