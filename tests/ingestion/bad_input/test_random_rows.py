"""Random rows of good and bad cells: exactly the bad rows are quarantined, the others arrive."""

import csv
import io
import json

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from plain_contract import judge

from ingestion import SYSTEMS
from ingestion.contracts import CONTRACTS

SYSTEM_OF = {table: system for system, tables in SYSTEMS.items() for table in tables}
PIPE = {"gpu_jobs": "|"}

WORDS = st.sampled_from(["a", " b ", "Ünï", "it's, ok", '"quoted"', "a b", "control", "USD", "😀"])
BLANKS = st.sampled_from(["", " ", "\t"])
NOISE = st.sampled_from(
    ["NaN", "-inf", "1,5", "0x1", "$5", "x", "--1", "1e", "true", "None", "N/A"]
)
NUMBERS = st.one_of(
    st.integers(0, 120).map(str),
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(-(10**13), 10**13, allow_nan=False, places=3).map(str),
    st.decimals(0, 1, places=14).map(lambda value: f"{value:f}"),
    # Halves at the thirteenth digit, where the rounding rule shows.
    st.integers(0, 10**14).map(lambda whole: f"{whole // 10**12}.{whole % 10**12:012}5"),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.builds("{}e{}".format, st.integers(-99, 99), st.integers(-400, 400)),
    st.sampled_from(["0", "-0", "1", "0.5", "100", "100.0", "+1", "1.", ".5", " 7 "]),
)
DAYS = st.sampled_from(
    ["2024-02-29", "2024-10-27", "1969-12-31", "2024-02-30", "2024-13-01", "0001-01-01"]
)
TIMES = st.sampled_from(
    [
        "",
        "T00",
        " 02:30",
        "T02:30:00",
        "t23:59:59.9999999",
        "T02:30:00,25",
        "T24:00:00",
        "T23:59:60",
    ]
)
ZONES = st.sampled_from(["", "", "Z", "+02:00", "+01:00", "-0530", " UTC", "+01", " CET", "+25:00"])
MOMENTS = st.one_of(
    st.builds("{}{}{}".format, DAYS, TIMES, ZONES),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.datetimes().map(lambda moment: moment.date().isoformat()),
    st.sampled_from(["1727000000", "now", "27.10.2024", "Unknown"]),
)
GOOD = {
    "text": WORDS,
    "json": WORDS,
    "decimal": NUMBERS,
    "bigint": NUMBERS,
    "double": NUMBERS,
    "timestamp": MOMENTS,
    "date": MOMENTS,
}


def cells(column):
    """Texts for a column, mostly of its own kind."""
    own = GOOD[column.kind]
    if column.choices:
        own = st.one_of(st.sampled_from([*column.choices, column.choices[0].upper()]), own)
    if column.null_words:
        own = st.one_of(st.sampled_from(column.null_words), own)
    if column.required:
        return st.one_of(own, own, own, own, own, NOISE, BLANKS)
    return st.one_of(own, own, own, BLANKS, NOISE)


@st.composite
def tables(draw, contract):
    """Rows by published column name: all required columns, some of the others, in any order."""
    optional = [column for column in contract.columns if not column.required]
    chosen = draw(st.lists(st.sampled_from(optional), unique=True, max_size=4)) if optional else []
    columns = [column for column in contract.columns if column.required] + chosen
    columns = draw(st.permutations(columns))
    row = st.fixed_dictionaries({column.published: cells(column) for column in columns})
    return draw(st.lists(row, min_size=1, max_size=8))


def as_csv(rows, delimiter):
    content = io.StringIO()
    style = (
        {"quoting": csv.QUOTE_NONE, "quotechar": None}
        if delimiter == "|"
        else {"quoting": csv.QUOTE_MINIMAL}
    )
    writer = csv.DictWriter(
        content, list(rows[0]), delimiter=delimiter, lineterminator="\n", **style
    )
    writer.writeheader()
    writer.writerows(rows)
    return content.getvalue()


def write(intake, table, extension, rows):
    """Write the rows so that a reader gives the same texts back."""
    path = f"{SYSTEM_OF[table]}/{table}{extension}"
    for old in intake.inputs.rglob("*.*"):
        old.unlink()
    if extension == ".parquet":
        intake.write_parquet(path, pa.Table.from_pylist(rows))
    elif extension.startswith(".csv"):
        intake.write(path, as_csv(rows, PIPE.get(table, ",")))
    else:
        intake.write(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


@pytest.mark.parametrize("extension", [".csv", ".jsonl", ".parquet"])
@pytest.mark.parametrize("table", sorted(SYSTEM_OF))
def test_exactly_the_bad_rows_are_quarantined(intake, table, extension):
    contract = CONTRACTS[table]

    @settings(
        max_examples=20,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(tables(contract))
    def compared(rows):
        write(intake, table, extension, rows)
        verdicts = {number: judge(contract, row) for number, row in enumerate(rows, 1)}
        taken = intake.take(SYSTEM_OF[table])
        assert taken.quarantine == [
            (number, *verdict.quarantine)
            for number, verdict in verdicts.items()
            if verdict.failures
        ]
        loaded = {
            row["_row_number"]: {name: row[name] for name in verdicts[1].values}
            for row in taken.good
        }
        assert loaded == {
            number: verdict.values for number, verdict in verdicts.items() if not verdict.failures
        }

    compared()
