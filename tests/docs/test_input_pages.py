"""Bring your own data: what the pages say of columns is the contract, and their samples load."""

import csv
import datetime as dt
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pages import INPUT_PAGES, Block, Page, blocks, table_rows

from ingestion import SYSTEMS
from ingestion.contracts import CONTRACTS
from ingestion.contracts.model import Column
from ingestion.lake import Lake
from ingestion.load import load_system

TYPES = {
    "text": "text",
    "json": "JSON",
    "decimal": "decimal",
    "bigint": "whole number",
    "double": "number",
    "timestamp": "timestamp",
    "date": "date",
}
TABLES = [table for tables in SYSTEMS.values() for table in tables]
SAMPLES = blocks(INPUT_PAGES, "title")


def page_of(table: str) -> Page:
    system = next(system for system, tables in SYSTEMS.items() if table in tables)
    return Page(INPUT_PAGES / f"{system}.md")


def range_of(column: Column) -> str:
    if column.choices:
        return ", ".join(column.choices)
    if column.maximum is not None:
        return f"{column.minimum:g}-{column.maximum:g}"
    if column.above is not None:
        return f"> {column.above:g}"
    return "" if column.minimum is None else f">= {column.minimum:g}"


def described(table: str) -> dict[str, list[str]]:
    """Type, required, range and meaning by column, as the page's table has them."""
    text = page_of(table).prose
    if table in SYSTEMS["prices"]:
        tokens, gpus = text.split("## Columns: gpu_prices")
        text = tokens if table == "prices" else gpus
    return {name: cells for name, *cells in table_rows(text, width=5)}


@pytest.mark.parametrize("table", TABLES)
def test_the_column_table_says_what_the_contract_says(table):
    contract = CONTRACTS[table]
    rows = described(table)
    promised = {
        column.published: [
            TYPES[column.kind],
            "yes" if column.required else "",
            range_of(column),
        ]
        for column in contract.columns
        if column.published in rows or table != "billing" or column.required
    }
    assert {name: cells[:3] for name, cells in rows.items()} == promised


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_named(table):
    text = page_of(table).prose
    missing = [c.published for c in CONTRACTS[table].columns if f"`{c.published}`" not in text]
    assert missing == []


def test_what_may_not_exceed_what_is_said():
    for table in TABLES:
        rows = described(table)
        for lower, upper in CONTRACTS[table].not_above:
            meaning = rows[lower][-1]
            assert re.search(f"not (above|after) `{upper}`", meaning), f"{table}: {lower}"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Lake]:
    """All samples in one inputs folder, loaded: outcomes by file, and the lake."""
    folder = tmp_path_factory.mktemp("samples")
    for sample in SAMPLES:
        write(folder / "inputs", sample)
    outcomes = {}
    for system in SYSTEMS:
        summary = load_system(system, folder / "inputs", folder / "home")
        outcomes |= {outcome.file: outcome for outcome in summary.files}
    return outcomes, Lake(folder / "home")


def write(inputs: Path, block: Block) -> None:
    path = inputs / block.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, encoding="utf-8")


def test_every_input_has_a_sample_and_it_loads_without_a_rejected_row(lake):
    outcomes, _ = lake
    assert set(outcomes) == {sample.file for sample in SAMPLES}
    assert {outcome.source for outcome in outcomes.values()} == set(TABLES)
    for outcome in outcomes.values():
        assert (outcome.rows_quarantined, outcome.message) == (0, None), outcome


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.file for sample in SAMPLES])
def test_the_lake_holds_what_the_sample_shows(lake, sample):
    outcomes, lake_of_samples = lake
    table = outcomes[sample.file].source
    contract = CONTRACTS[table]
    shown = rows_shown(sample)
    loaded = rows_of(lake_of_samples, table, sample.file)
    assert len(loaded) == len(shown) > 0
    for row, found in zip(shown, loaded, strict=True):
        for name, value in row.items():
            column = contract.column(name)
            assert found[column.name] == expected(column, value), (sample.file, name)


def rows_shown(sample: Block) -> list[dict[str, Any]]:
    lines = sample.text.splitlines()
    if sample.language == "jsonl":
        return [json.loads(line) for line in lines]
    return list(csv.DictReader(lines, delimiter="|" if sample.language == "text" else ","))


def rows_of(lake: Lake, table: str, file: str) -> list[dict[str, Any]]:
    """Rows of one file by row number."""
    parts = [pq.read_table(path, partitioning=None) for path in lake.path(table).glob("*.parquet")]
    rows = pa.concat_tables(parts).to_pylist()
    return sorted((r for r in rows if r["_file"] == file), key=lambda row: row["_row_number"])


def expected(column: Column, value: Any) -> Any:
    """The value in Python's own types, read without the ingestion's casts."""
    if value in ("", None) or value in column.null_words:
        return None
    match column.kind:
        case "decimal":
            return Decimal(str(value))
        case "bigint":
            return int(value)
        case "double":
            return float(value)
        case "date":
            return dt.date.fromisoformat(value)
        case "timestamp":
            return dt.datetime.fromisoformat(value.removesuffix("Z"))
        case _:
            return json.dumps(value) if isinstance(value, dict) else value


def test_the_broken_sample_is_rejected_as_the_page_says(tmp_path):
    (broken,) = blocks(INPUT_PAGES, "broken")
    (quarantined,) = blocks(INPUT_PAGES, "quarantine")
    write(tmp_path / "inputs", broken)
    system = broken.file.split("/")[0]
    summary = load_system(system, tmp_path / "inputs", tmp_path / "home")
    said = list(csv.DictReader(quarantined.text.splitlines()))
    assert (summary.rows_loaded, summary.rows_quarantined) == (1, len(said))
    lake = Lake(tmp_path / "home")
    (file,) = lake.path("quarantine").glob("*.parquet")
    found = pq.read_table(file, partitioning=None).to_pylist()
    assert [{name: str(row[name]) for name in said[0]} for row in found] == said
