"""UUIDs, which Parquet stores in 16 bytes, as the text people write them in."""

import numpy as np
import pyarrow as pa

from ingestion.kernels import pc

_DIGITS = np.frombuffer(b"0123456789abcdef", np.uint8)
_LENGTH = 36
_HYPHENS = (8, 13, 18, 23)
_PLACES = [place for place in range(_LENGTH) if place not in _HYPHENS]


def uuid_texts(values: pa.Array) -> pa.Array:
    """Sixteen bytes per value as `8-4-4-4-12` lower-case hexadecimal digits.

    Args:
        values: Fixed-size binary of 16 bytes.

    Returns:
        Text values, null where the bytes are.
    """
    count = len(values)
    filled = pc.fill_null(values, bytes(16)).cast(pa.binary())
    offsets = np.frombuffer(filled.buffers()[1], np.int32)[filled.offset :]
    raw = np.frombuffer(filled.buffers()[2], np.uint8) if count else np.empty(0, np.uint8)
    start = int(offsets[0]) if count else 0
    raw = raw[start : start + 16 * count].reshape(count, 16)
    texts = np.full((count, _LENGTH), ord("-"), np.uint8)
    texts[:, _PLACES[::2]] = _DIGITS[raw >> 4]
    texts[:, _PLACES[1::2]] = _DIGITS[raw & 15]
    ends = pa.py_buffer(np.arange(0, (count + 1) * _LENGTH, _LENGTH, dtype=np.int32))
    written = pa.StringArray.from_buffers(count, ends, pa.py_buffer(texts.tobytes()))
    return pc.if_else(values.is_valid(), written, pa.scalar(None, pa.string()))
