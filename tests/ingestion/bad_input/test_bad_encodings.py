"""Text files in other encodings, with byte order marks, NUL bytes and other line breaks."""

import json

import pytest

HEADER = "date,feature,exposures"
KPIS = "date,feature,exposures\n2024-01-01,café,1\n2024-01-02,plain,2\n2024-01-03,ü,3\n"
JSONL = "".join(
    json.dumps(dict(zip(HEADER.split(","), line.split(","), strict=True)), ensure_ascii=False)
    + "\n"
    for line in KPIS.splitlines()[1:]
)
NOT_TEXT = "the file is not UTF-8 text"


def feature_rows(taken):
    return list(zip(taken.column("_row_number"), taken.column("feature"), strict=True))


@pytest.mark.parametrize("end", ["", ".gz"], ids=["plain", "gzip"])
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_latin1_spoils_only_the_rows_it_is_in_csv(intake, encoding, end):
    intake.write(f"product_kpis/k.csv{end}", KPIS.encode(encoding))
    taken = intake.take("product_kpis")
    assert feature_rows(taken) == [(2, "plain")]
    assert taken.quarantine == [
        (1, "feature", "caf\ufffd", "is not valid UTF-8"),
        (3, "feature", "\ufffd", "is not valid UTF-8"),
    ]


@pytest.mark.parametrize("end", ["", ".gz"], ids=["plain", "gzip"])
def test_latin1_spoils_only_the_rows_it_is_in_jsonl(intake, end):
    intake.write(f"product_kpis/k.jsonl{end}", JSONL.encode("latin-1"))
    taken = intake.take("product_kpis")
    assert feature_rows(taken) == [(2, "plain")]
    first, third = taken.quarantine
    assert first == (
        1,
        None,
        '{"date": "2024-01-01", "feature": "caf\ufffd", "exposures": "1"}',
        "the line is not valid UTF-8",
    )
    assert (third[0], third[3]) == (3, "the line is not valid UTF-8")


def test_latin1_in_the_schedulers_text(intake):
    text = "JobID|JobName|Submit\n1|café|2024-01-01T00:00:00\n2|x|2024-01-01T00:00:00\n"
    intake.write("gpu_jobs/jobs.txt", text.encode("latin-1"))
    taken = intake.take("gpu_jobs")
    assert taken.column("job_id") == ["2"]
    assert taken.quarantine == [(1, "JobName", "caf\ufffd", "is not valid UTF-8")]


@pytest.mark.parametrize("name", ["k.csv", "k.jsonl", "k.csv.gz", "k.jsonl.gz"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_and_utf32_are_refused_as_a_whole(intake, name, encoding):
    text = KPIS if ".csv" in name else JSONL
    intake.write(f"product_kpis/{name}", text.encode(encoding))
    taken = intake.take("product_kpis")
    assert taken.quarantine == [(None, None, None, NOT_TEXT)]
    assert taken.messages == [NOT_TEXT]


@pytest.mark.parametrize(
    ("name", "line_break"),
    [
        (name, line_break)
        for name in ("k.csv", "k.jsonl", "k.csv.gz", "k.jsonl.gz")
        for line_break in ("\n", "\r\n", "\r")
        if ".csv" in name or line_break != "\r"
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("ends", [True, False], ids=["last break", "no last break"])
def test_line_breaks_and_marks_change_nothing(intake, name, line_break, encoding, ends):
    text = (KPIS if ".csv" in name else JSONL).replace("\n", line_break)
    text = text if ends else text.removesuffix(line_break)
    intake.write(f"product_kpis/{name}", text.encode(encoding))
    taken = intake.take("product_kpis")
    assert taken.bad == []
    assert feature_rows(taken) == [(1, "café"), (2, "plain"), (3, "ü")]
    assert taken.column("exposures") == [1, 2, 3]
    assert taken.ledger[0]["ignored_columns"] is None


def test_json_lines_end_with_lf_and_nothing_else(intake):
    text = JSONL.replace("\n", "\r")
    intake.write("product_kpis/k.jsonl", text)
    taken = intake.take("product_kpis")
    assert taken.quarantine == [(1, None, text, "the line is not a JSON object")]


@pytest.mark.parametrize("name", ["k.csv", "k.jsonl", "k.csv.gz"])
def test_a_nul_byte_near_the_start_refuses_the_file(intake, name):
    text = KPIS if ".csv" in name else JSONL
    intake.write(f"product_kpis/{name}", text.replace("plain", "pl\0in"))
    taken = intake.take("product_kpis")
    assert taken.quarantine == [(None, None, None, NOT_TEXT)]


def test_a_nul_byte_far_from_the_start_is_a_character_like_others_in_csv(intake):
    rows = "2024-01-01,plain,1\n" * 5000
    intake.write("product_kpis/k.csv", f"{HEADER}\n{rows}2024-01-01,pl\0in,1\n{rows}")
    taken = intake.take("product_kpis")
    assert taken.outcomes["product_kpis/k.csv"].rows_loaded == 10_001
    assert taken.column("feature")[5000] == "pl\0in"


def test_a_header_in_latin1_is_refused(intake):
    intake.write("product_kpis/k.csv", f"{HEADER},größe\n2024-01-01,x,1,2\n".encode("latin-1"))
    taken = intake.take("product_kpis")
    assert taken.quarantine == [(None, None, None, "the header is not UTF-8 text")]


def test_a_real_mark_beside_bytes_that_are_no_utf8_is_quarantined_and_not_lost(intake):
    # U+FDD0 stands for such bytes while a file is read; no text in use holds it.
    rows = "2024-01-01,a\ufdd0b,1\n2024-01-02,x,2\n".encode() + b"2024-01-03,\xff,3\n"
    intake.write("product_kpis/k.csv", f"{HEADER}\n".encode() + rows)
    taken = intake.take("product_kpis")
    assert feature_rows(taken) == [(2, "x")]
    assert taken.quarantine == [
        (1, "feature", "a\ufffdb", "is not valid UTF-8"),
        (3, "feature", "\ufffd", "is not valid UTF-8"),
    ]
