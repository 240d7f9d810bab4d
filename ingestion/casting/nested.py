"""Nested values (MAP, STRUCT, LIST) as JSON text, written by Arrow kernels where they are plain."""

import datetime as dt
import decimal
import json
from typing import Any

import pyarrow as pa

from ingestion.kernels import pc

_SEPARATOR = ", "
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
            return _braced(pc.binary_join(lists, _SEPARATOR), values)
    if pa.types.is_struct(values.type) and values.type.num_fields:
        texts = _struct_members(values)
        if texts is not None:
            # Each member brings its own separator: Arrow's null_handling="skip" loses whole rows.
            joined = pc.binary_join_element_wise(*texts, "")
            return _braced(pc.utf8_slice_codeunits(joined, len(_SEPARATOR)), values)
    try:
        texts = [_dumped(value, values.type) for value in values.to_pylist()]
    except (OverflowError, ValueError):
        # A moment within that Python's calendar does not hold: Arrow's own words for its row.
        texts = [_dumped_alone(values[row : row + 1]) for row in range(len(values))]
    return pa.array(texts, pa.string())


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
    if pa.types.is_list(kind) and _is_key_value_list(kind):
        names = [field.name.lower() for field in kind.value_type]
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
        member = _quoted(values.field(index))
        if member is None:
            return None
        start = f"{_SEPARATOR}{json.dumps(name, ensure_ascii=False)}: "
        texts.append(pc.fill_null(pc.binary_join_element_wise(start, member, ""), ""))
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


def _dumped(value: Any, kind: pa.DataType) -> str | None:
    if value is None:
        return None
    return json.dumps(_plain(value, kind), ensure_ascii=False)


def _dumped_alone(row: pa.Array) -> str | None:
    try:
        return _dumped(row.to_pylist()[0], row.type)
    except (OverflowError, ValueError):
        return json.dumps(row.to_string(indent=0, skip_new_lines=True)[1:-1], ensure_ascii=False)


def _plain(value: Any, kind: pa.DataType) -> Any:
    """A Python value of an Arrow type as JSON can hold it; maps and key/value lists are objects."""
    if value is None:
        return None
    if pa.types.is_map(kind):
        return {str(key): _plain(item, kind.item_type) for key, item in value}
    if _is_key_value_list(kind):
        value_kind = next(field.type for field in kind.value_type if field.name.lower() == "value")
        pairs = [{name.lower(): item for name, item in entry.items()} for entry in value if entry]
        return {str(pair["key"]): _plain(pair["value"], value_kind) for pair in pairs}
    if isinstance(value, list):
        return [_plain(item, kind.value_type) for item in value]
    if pa.types.is_struct(kind):
        return {
            field.name: _plain(value[field.name], field.type)
            for field in kind
            if value[field.name] is not None
        }
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, dt.date | dt.time | dt.timedelta | decimal.Decimal):
        return str(value)
    return value


def _is_key_value_list(kind: pa.DataType) -> bool:
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return False
    entry = kind.value_type
    return pa.types.is_struct(entry) and {field.name.lower() for field in entry} == {"key", "value"}
