"""Random damage to good files of every format: never an exception, every row accounted for."""

import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEADER = ("date", "feature", "variant", "exposures", "conversions", "revenue")
ROWS = [
    (f"2024-01-{row + 1:02}", f"é {row % 5}", "control", str(row + 5), str(row), f"{row}.25")
    for row in range(20)
]
JOBS = "JobID|JobName|Submit|Start|State\n" + "".join(
    f"{row}|train é|2024-01-01T00:00:00|Unknown|COMPLETED\n" for row in range(20)
)
FRAGMENTS = (b'"', b"\n", b"\r", b",", b"|", b"null", b"\nnull\n", b"{", b"}", b"[", b"NaN", b"\0")


def csv_bytes():
    lines = [",".join(HEADER), *(",".join((row[0], f'"{row[1]}"', *row[2:])) for row in ROWS)]
    return "\n".join(lines).encode()


def jsonl_bytes():
    rows = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    lines = [{**row, "exposures": int(row["exposures"]), "who": {"a": [None]}} for row in rows]
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


def parquet_bytes(**options):
    table = pa.table([list(column) for column in zip(*ROWS, strict=True)], HEADER)
    typed = {
        "date": pa.timestamp("us"),
        "exposures": pa.int64(),
        "revenue": pa.decimal128(18, 4),
    }
    for name, kind in typed.items():
        at = HEADER.index(name)
        table = table.set_column(at, name, table[name].cast(kind))
    stream = io.BytesIO()
    pq.write_table(table, stream, **options)
    return stream.getvalue()


CASES = [
    pytest.param("product_kpis/k.csv", csv_bytes(), id="csv"),
    pytest.param("product_kpis/k.csv.gz", gzip.compress(csv_bytes(), mtime=0), id="csv.gz"),
    pytest.param("product_kpis/k.jsonl", jsonl_bytes(), id="jsonl"),
    pytest.param("product_kpis/k.jsonl.gz", gzip.compress(jsonl_bytes(), mtime=0), id="jsonl.gz"),
    pytest.param("gpu_jobs/jobs.txt", JOBS.encode(), id="sacct"),
    pytest.param("product_kpis/k.parquet", parquet_bytes(), id="parquet"),
    pytest.param(
        "product_kpis/k.parquet",
        parquet_bytes(compression="none", use_dictionary=False, row_group_size=5),
        id="plain parquet",
    ),
]


@st.composite
def damages(draw):
    """Where to cut or change a file, as fractions of its length, and what to put there."""
    return draw(
        st.lists(
            st.tuples(
                st.floats(0, 1, exclude_max=True),
                st.sampled_from([0, 1, 1, 3, 50]),
                st.one_of(st.binary(max_size=4), st.sampled_from(FRAGMENTS)),
            ),
            min_size=1,
            max_size=6,
        )
    )


def damaged(content, changes):
    for place, removed, added in changes:
        at = int(place * len(content))
        content = content[:at] + added + content[at + removed :]
    return content


@pytest.mark.parametrize(("name", "content"), CASES)
@given(changes=damages())
@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_damage_raises_and_every_row_is_counted(intake, name, content, changes):
    # Taking the folder in checks that rows read are rows loaded and quarantined.
    intake.write_raw(name, damaged(content, changes))
    (outcome,) = intake.take(Path(name).parts[0]).outcomes.values()
    assert outcome.is_complete == (outcome.message is None)


@pytest.mark.parametrize(("name", "content"), CASES)
def test_the_files_are_good_before(intake, name, content):
    intake.write_raw(name, content)
    taken = intake.take(Path(name).parts[0])
    assert (len(taken.good), taken.bad) == (20, [])


@pytest.mark.parametrize(("name", "content"), CASES[:5])
@given(keep=st.floats(0, 1, exclude_max=True))
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_file_cut_anywhere_keeps_the_rows_before_the_cut(intake, name, content, keep):
    """What a cut text file still gives is the beginning of what the whole one gives."""
    intake.write_raw(name, content)
    whole = intake.take(Path(name).parts[0]).good
    intake.write_raw(name, content[: int(keep * len(content))])
    part = intake.take(Path(name).parts[0]).good
    # The last row may have lost the end of its last value.
    assert part[:-1] == whole[: max(len(part) - 1, 0)]
