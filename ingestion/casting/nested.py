"""Nested values (MAP, STRUCT, LIST) as JSON text, written by Arrow kernels where they are plain."""

import datetime as dt
import decimal
import json
from typing import Any

import pyarrow as pa

from ingestion.kernels import pc

_CONTROL = r"[\x00-\x1f]"


def json_text(values: pa.Array) -> pa.Array:
    """Nested values as JSON text.

    Args:
        values: MAP and LIST<STRUCT<key, value>> of text become one object per row, as does a
            STRUCT of text without its empty fields; anything else is written value by value.

    Returns:
        Text values, null where the nested value is null.
    """
    pairs = _as_pairs(values)
    if pairs is not None:
        offsets, keys, items = pairs
        quoted = _members(keys, items)
        if quoted is not None:
            lists = pa.ListArray.from_arrays(offsets, quoted)
            return _braced(pc.binary_join(lists, ", "), values)
    if pa.types.is_struct(values.type) and values.type.num_fields:
        texts = _struct_members(values)
        if texts is not None:
            joined = pc.binary_join_element_wise(*texts, ", ", null_handling="skip")
            return _braced(joined, values)
    return pa.array([_dumped(value) for value in values.to_pylist()], pa.string())


def _braced(inner: pa.Array, values: pa.Array) -> pa.Array:
    texts = pc.binary_join_element_wise("{", inner, "}", "")
    if values.null_count:
        texts = pc.if_else(values.is_valid(), texts, pa.scalar(None, pa.string()))
    return texts


def _as_pairs(values: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array] | None:
    """Offsets, keys and values of a map or a list of key/value structs, else None."""
    kind = values.type
    if pa.types.is_map(kind):
        return _offsets(values), *_window(values, values.keys, values.items)
    if pa.types.is_list(kind) and pa.types.is_struct(kind.value_type):
        names = [kind.value_type.field(i).name.lower() for i in range(kind.value_type.num_fields)]
        if sorted(names) == ["key", "value"]:
            entries = values.values
            if entries.null_count:
                return None
            keys, items = (entries.field(names.index(name)) for name in ("key", "value"))
            return _offsets(values), *_window(values, keys, items)
    return None


def _offsets(values: Any) -> pa.Array:
    raw = values.offsets
    return pc.subtract(raw, raw[0])


def _window(values: Any, keys: pa.Array, items: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The entries this slice covers: a sliced list keeps all its children."""
    start = values.offsets[0].as_py()
    length = values.offsets[-1].as_py() - start
    return keys.slice(start, length), items.slice(start, length)


def _struct_members(values: Any) -> list[pa.Array] | None:
    texts = []
    for index in range(values.type.num_fields):
        name = values.type.field(index).name
        # Arrow's flatten applies the struct's own nulls to the field.
        member = _quoted(values.field(index))
        if member is None:
            return None
        texts.append(pc.binary_join_element_wise(json.dumps(name), member, ": "))
    return texts


def _members(keys: pa.Array, items: pa.Array) -> pa.Array | None:
    """`"key": "value"` texts, or None where keys or values are not plain text."""
    quoted_keys, quoted_items = _quoted(keys), _quoted(items)
    if quoted_keys is None or quoted_items is None or quoted_keys.null_count:
        return None
    return pc.binary_join_element_wise(quoted_keys, pc.fill_null(quoted_items, "null"), ": ")


def _quoted(values: pa.Array) -> pa.Array | None:
    """Text values as JSON strings, or None where that needs more than two replacements."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_null(values.type):
        return pa.nulls(len(values), pa.string())
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return None
    values = values.cast(pa.string())
    if pc.any(pc.match_substring_regex(values, _CONTROL)).as_py():
        return None
    escaped = pc.replace_substring(pc.replace_substring(values, "\\", "\\\\"), '"', '\\"')
    return pc.binary_join_element_wise('"', escaped, '"', "")


def _dumped(value: Any) -> str | None:
    if value is None:
        return None
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Python values as JSON can hold them; pairs (an Arrow map) become one object."""
    if isinstance(value, list) and value:
        if all(isinstance(item, tuple) and len(item) == 2 for item in value):
            return {str(key): _plain(item) for key, item in value}
        if all(
            isinstance(item, dict) and {k.lower() for k in item} == {"key", "value"}
            for item in value
        ):
            pairs = [{k.lower(): v for k, v in item.items()} for item in value]
            return {str(pair["key"]): _plain(pair["value"]) for pair in pairs}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, (dt.date, dt.datetime, dt.time, dt.timedelta, decimal.Decimal)):
        return str(value)
    return value
