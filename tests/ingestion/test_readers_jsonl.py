"""JSON lines: the fast and the careful path say the same."""

import gzip
import json

import pytest

from ingestion.casting import CASTS
from ingestion.columns import ColumnMatch
from ingestion.contracts import CONTRACTS
from ingestion.errors import UnreadableFileError
from ingestion.readers import jsonl as jsonl_module
from ingestion.readers.jsonl import JsonlReader


def read(path, table="gpu_prices", compressed=False):
    """Cast rows by row number, bad rows by row number, the reader, and whether all went fast."""
    contract = CONTRACTS[table]
    reader = JsonlReader(path, compressed, contract)
    slow = []
    careful = reader._slow
    reader._slow = lambda block, first: slow.append(first) or careful(block, first)
    rows, bad = {}, {}
    for chunk in reader.chunks(ColumnMatch({}, ())):
        columns = {
            name: CASTS[contract.column(name).kind](values).values.to_pylist()
            for name, values in chunk.columns.items()
        }
        for index, number in enumerate(chunk.row_numbers.tolist()):
            row = {name: values[index] for name, values in columns.items()}
            rows[number] = {name: value for name, value in row.items() if value is not None}
        bad |= {row.row_number: row.reason for row in chunk.bad}
    return rows, bad, reader, not slow


def lines(*rows):
    return "".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows)


def test_plain_rows_go_fast_and_keep_their_digits(place):
    path = place.write(
        "a.jsonl",
        '{"accelerator":"H100","on_demand_per_hour":1.10,"tokens_per_second":12}\n'
        '{"accelerator":"2024-01-01","on_demand_per_hour":0.123456789012345678,"x":{"y":1}}\n',
    )
    rows, bad, reader, fast = read(path)
    assert fast and not bad
    assert str(rows[1]["on_demand_per_hour"]) == "1.100000000000"
    assert str(rows[2]["on_demand_per_hour"]) == "0.123456789012"
    assert rows[1]["tokens_per_second"] == 12.0
    # A text that looks like a timestamp stays the text it is.
    assert rows[2]["accelerator"] == "2024-01-01"
    assert reader.ignored == ("x",)


def test_bad_lines_cost_themselves(place):
    path = place.write(
        "a.jsonl",
        lines({"accelerator": "a"}, "nope\n", "\n", {"accelerator": "b"}, "[1]\n", "5\n")
        + '{"accelerator":"c"}',
    )
    rows, bad, _, fast = read(path)
    assert not fast
    assert {number: row["accelerator"] for number, row in rows.items()} == {1: "a", 3: "b", 6: "c"}
    assert bad == dict.fromkeys((2, 4, 5), "the line is not a JSON object")


def test_two_objects_on_a_line_are_one_bad_row(place):
    rows, bad, _, _ = read(
        place.write("a.jsonl", '{"accelerator":"a"}{"accelerator":"b"}\n{"accelerator":"c"}\n')
    )
    assert list(rows) == [2] and list(bad) == [1]


def test_a_line_that_is_no_utf8(place):
    content = b'{"accelerator":"a"}\n{"accelerator":"\xff"}\n'
    rows, bad, _, _ = read(place.write("a.jsonl", content))
    assert list(rows) == [1]
    assert bad == {2: "the line is not valid UTF-8"}


def test_mixed_types_only_slow_the_block(place):
    rows, bad, _, fast = read(
        place.write(
            "a.jsonl",
            lines(
                {"accelerator": "a", "on_demand_per_hour": 1.5, "tokens_per_second": "7"},
                {"accelerator": 5, "on_demand_per_hour": "2.5", "tokens_per_second": 8.5},
            ),
        )
    )
    assert not fast and not bad
    assert rows[1]["tokens_per_second"] == 7.0
    assert rows[2]["accelerator"] == "5"
    assert float(rows[2]["on_demand_per_hour"]) == 2.5


@pytest.mark.parametrize("broken", ["", "nope\n"])
def test_tags_become_json_text(place, broken):
    tags = {"model_name": "bot", "at": "2024-01-01T00:00:00Z", "n": 1}
    rows, _, _, fast = read(
        place.write("a.jsonl", lines({"BilledCost": 1, "Tags": tags}, {"BilledCost": 2}, broken)),
        "billing",
    )
    assert fast is not bool(broken)
    assert json.loads(rows[1]["Tags"]) == tags
    assert "Tags" not in rows[2]


@pytest.mark.parametrize("block_bytes", [40, 64, 1000])
def test_keys_that_appear_later_and_rows_across_blocks(place, monkeypatch, block_bytes):
    monkeypatch.setattr(jsonl_module, "BLOCK_BYTES", block_bytes)
    content = lines(
        *({"accelerator": f"a{i}"} for i in range(20)),
        *({"accelerator": f"a{i}", "spot_per_hour": i} for i in range(20, 40)),
        "bad\n",
        {"accelerator": "last", "effective_from": "2024-01-01T00:00:00Z"},
    )
    rows, bad, _, _ = read(place.write("a.jsonl", content))
    assert [row["accelerator"] for row in rows.values()] == [*(f"a{i}" for i in range(40)), "last"]
    assert list(rows) == [*range(1, 41), 42]
    assert list(bad) == [41]
    assert rows[30]["spot_per_hour"] == 29
    assert rows[42]["effective_from"].year == 2024


def test_byte_order_mark_and_gzip(place):
    content = b"\xef\xbb\xbf" + lines({"accelerator": "a"}).encode()
    assert read(place.write("a.jsonl", content))[0] == {1: {"accelerator": "a"}}
    path = place.write("a.jsonl.gz", gzip.compress(content))
    assert read(path, compressed=True)[0] == {1: {"accelerator": "a"}}


def test_whole_numbers_of_any_form(place):
    rows, _, _, _ = read(
        place.write(
            "a.jsonl",
            lines({"gen_ai.usage.input_tokens": 12}, {"gen_ai.usage.input_tokens": "13"})
            + '{"gen_ai.usage.input_tokens": 14.0}\n{"gen_ai_usage_input_tokens": 15}\n',
        ),
        "llm_requests",
    )
    assert [row["gen_ai.usage.input_tokens"] for row in rows.values()] == [12, 13, 14, 15]


def test_empty_file(place):
    with pytest.raises(UnreadableFileError, match="the file is empty"):
        read(place.write("a.jsonl", b""))
    assert read(place.write("b.jsonl", b"\n\n"))[0] == {}
