"""Parquet: typed columns in batches; what is cut off is said, not raised."""

import datetime as dt

import pyarrow as pa
import pytest

from ingestion.columns import match_columns
from ingestion.contracts import CONTRACTS
from ingestion.errors import UnreadableFileError
from ingestion.readers import parquet as parquet_module
from ingestion.readers.parquet import ParquetReader


def chunks(path, table):
    reader = ParquetReader(path)
    return list(reader.chunks(match_columns(CONTRACTS[table], reader.names)))


def test_batches_are_numbered_on_and_dots_in_names_are_names(place, monkeypatch):
    monkeypatch.setattr(parquet_module, "_BATCH_ROWS", 3)
    table = pa.table(
        {
            "timestamp": [dt.datetime(2024, 1, 1)] * 7,
            "gen_ai.request.model": ["m"] * 7,
            "gen_ai.usage.input_tokens": list(range(7)),
            "extra": [{"a": 1}] * 7,
        }
    )
    read = chunks(place.write_parquet("a.parquet", table), "llm_requests")
    assert [chunk.row_numbers.tolist() for chunk in read] == [[1, 2, 3], [4, 5, 6], [7]]
    assert read[2].columns["gen_ai.usage.input_tokens"].to_pylist() == [6]
    assert "extra" not in read[0].columns


def test_repeated_texts_are_read_as_dictionaries(place):
    table = pa.table(
        {
            "timestamp": [dt.datetime(2024, 1, 1)] * 5000,
            "gpu_uuid": [f"GPU-{i % 3}" for i in range(5000)],
            "hostname": [f"host-{i}" for i in range(5000)],
        }
    )
    (chunk,) = chunks(place.write_parquet("a.parquet", table), "gpu_metrics")
    assert pa.types.is_dictionary(chunk.columns["gpu_uuid"].type)
    assert pa.types.is_string(chunk.columns["hostname"].type)


def test_zero_rows(place):
    table = pa.table({"date": pa.array([], pa.date32()), "feature": pa.array([], pa.string())})
    path = place.write_parquet("a.parquet", table)
    assert sum(len(chunk.row_numbers) for chunk in chunks(path, "product_kpis")) == 0


@pytest.mark.parametrize("damage", ["no parquet", "cut off", "bad footer"])
def test_damaged_files_say_so_in_plain_words(place, damage):
    path = place.write_parquet("a.parquet", pa.table({"date": ["2024-01-01"], "feature": ["f"]}))
    content = path.read_bytes()
    path.write_bytes(
        {
            "no parquet": b"hello, this is a text file",
            "cut off": content[: len(content) // 2],
            "bad footer": content[:4] + bytes(len(content) - 12) + content[-8:],
        }[damage]
    )
    with pytest.raises(UnreadableFileError) as caught:
        chunks(path, "product_kpis")
    assert "Parquet" in caught.value.reason or "cannot be read" in caught.value.reason


def test_damaged_data_pages(place):
    rows = 100_000
    table = pa.table({"date": ["2024-01-01"] * rows, "feature": [f"f{i}" for i in range(rows)]})
    path = place.write_parquet("a.parquet", table)
    content = bytearray(path.read_bytes())
    content[1000:60_000] = bytes(59_000)
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError):
        chunks(path, "product_kpis")
