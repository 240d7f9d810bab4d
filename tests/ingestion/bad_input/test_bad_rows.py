"""Rows and headers of the wrong shape in CSV and in the scheduler's text."""

import datetime as dt

import pyarrow as pa
import pytest

HEADER = "date,feature,exposures"
ROW = "2024-01-01,x,1"
SACCT = "JobID|JobName|Submit|Start|End|Comment"
TEXT_CODES = pa.dictionary(pa.int32(), pa.string())


def csv_of(intake, *lines, name="k.csv"):
    intake.write(f"product_kpis/{name}", "\n".join(lines) + "\n")
    return intake.take("product_kpis")


def jobs_of(intake, *lines):
    intake.write("gpu_jobs/jobs.txt", "\n".join(lines) + "\n")
    return intake.take("gpu_jobs")


def refusal(column, reason):
    return [(None, column, None, reason)]


@pytest.mark.parametrize(
    "header",
    ["DATE,FEATURE,EXPOSURES", "Date, Feature ,Ex_posures", '"date","feature","exposures"'],
)
def test_a_header_in_another_spelling_is_the_same(intake, header):
    taken = csv_of(intake, header, ROW)
    assert (taken.column("feature"), taken.column("exposures")) == (["x"], [1])


def test_a_column_twice_is_refused(intake):
    taken = csv_of(intake, "date,feature,Feature", "2024-01-01,x,y")
    assert taken.quarantine == refusal("feature", "the file has this column twice")


def test_an_unknown_column_twice_is_listed_and_ignored(intake):
    taken = csv_of(intake, f"{HEADER},note,note", f"{ROW},a,b")
    assert taken.ledger[0]["ignored_columns"] == "note, note"
    assert taken.column("feature") == ["x"]


def test_a_column_without_a_name_is_ignored(intake):
    taken = csv_of(intake, f"{HEADER},", f"{ROW},a")
    assert taken.column("feature") == ["x"]


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n\n"])
@pytest.mark.parametrize("name", ["k.csv", "k.csv.gz"])
def test_a_header_alone_is_a_complete_file_without_rows(intake, name, end):
    intake.write(f"product_kpis/{name}", HEADER + end)
    (outcome,) = intake.take("product_kpis").outcomes.values()
    assert (outcome.rows_read, outcome.is_complete, outcome.message) == (0, True, None)


@pytest.mark.parametrize("content", ["\n", "\n\n\n", "\r\n", "\ufeff", "\ufeff\n"])
def test_blank_lines_alone_are_no_header(intake, content):
    intake.write("product_kpis/k.csv", content)
    taken = intake.take("product_kpis")
    assert taken.quarantine == refusal(None, "the file has no header")


def test_a_file_of_spaces_lacks_its_columns(intake):
    taken = csv_of(intake, "   ", " ")
    assert taken.quarantine == refusal("date", "the file lacks the required column date")


def test_rows_without_a_header_lack_its_columns(intake):
    taken = csv_of(intake, ROW, ROW)
    assert taken.quarantine == refusal("date", "the file lacks the required column date")


def test_blank_lines_between_rows_are_no_rows(intake):
    taken = csv_of(intake, "", HEADER, "", ROW, "", "", "2024-01-02,y,2", "")
    assert taken.column("feature") == ["x", "y"]
    assert taken.column("_row_number") == [1, 2]


def test_rows_with_too_few_and_too_many_values(intake):
    taken = csv_of(intake, HEADER, ROW, "2024-01-02,y", "2024-01-03,z,3,4", "2024-01-04,w,4")
    assert taken.column("_row_number") == [1, 4]
    assert taken.quarantine == [
        (2, None, "2024-01-02,y", "the row has 2 values, the header 3"),
        (3, None, "2024-01-03,z,3,4", "the row has 4 values, the header 3"),
    ]


def test_only_short_rows(intake):
    taken = csv_of(intake, HEADER, "a", "b")
    assert [(row[0], row[3]) for row in taken.quarantine] == [
        (1, "the row has 1 values, the header 3"),
        (2, "the row has 1 values, the header 3"),
    ]


NEVER_CLOSED = (None, None, None, "a quoted value is never closed")


@pytest.mark.parametrize("end", ["\n", ""])
def test_a_quote_that_is_never_closed_makes_its_file_incomplete(intake, end):
    rest = '2024-01-02,"y,2\n' + "\n".join([ROW] * 100)
    intake.write("product_kpis/k.csv", f"{HEADER}\n{ROW}\n{rest}{end}")
    taken = intake.take("product_kpis")
    assert taken.column("_row_number") == [1]
    assert taken.quarantine == [
        (2, None, (rest + end)[:1000], "the row has 2 values, the header 3"),
        NEVER_CLOSED,
    ]


def test_a_quote_that_is_never_closed_in_the_last_column(intake):
    # The parser takes the rest of the file for a value: no wrong number of values gives it away.
    header = "date,exposures,feature"
    taken = csv_of(intake, header, "2024-01-01,1,x", '2024-01-02,2,"y', *["2024-01-03,3,z"] * 100)
    assert taken.column("feature") == ["x"]
    assert taken.outcomes["product_kpis/k.csv"].is_complete is False
    row, file = taken.quarantine
    assert (row[0], row[1], row[3]) == (2, "feature", "is not valid UTF-8")
    assert file == NEVER_CLOSED


def test_a_quote_that_is_never_closed_in_a_column_that_is_not_read(intake):
    taken = csv_of(intake, f"{HEADER},note", f"{ROW},n", f'{ROW},"n', *[f"{ROW},n"] * 100)
    assert taken.outcomes["product_kpis/k.csv"].rows_loaded == 2
    assert taken.quarantine == [NEVER_CLOSED]


@pytest.mark.parametrize("value", ['5" disk', 'x"', '"a"b"'])
@pytest.mark.parametrize("end", ["\n", ""])
def test_an_odd_quote_within_a_value_is_no_open_one(intake, value, end):
    lines = [HEADER, ROW, f"2024-01-02,{value},2", '2024-01-03,"z\nz",3']
    intake.write("product_kpis/k.csv", "\n".join(lines) + end)
    taken = intake.take("product_kpis")
    assert taken.bad == []
    assert taken.column("exposures") == [1, 2, 3]
    assert taken.column("feature")[::2] == ["x", "z\nz"]


def test_a_line_break_in_quotes_is_part_of_the_value(intake):
    taken = csv_of(intake, HEADER, '2024-01-01,"two\nlines",1', "2024-01-02,y,2")
    assert taken.column("feature") == ["two\nlines", "y"]
    assert taken.column("_row_number") == [1, 2]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_another_delimiter_lacks_the_columns(intake, delimiter):
    taken = csv_of(intake, HEADER.replace(",", delimiter), ROW.replace(",", delimiter))
    assert taken.quarantine == refusal("date", "the file lacks the required column date")


def test_a_missing_required_value_is_named(intake):
    taken = csv_of(intake, HEADER, "2024-01-01,,1", ",x,1", "2024-01-01,NULL,1", "2024-01-01,  ,1")
    assert [(row[0], row[1], row[3]) for row in taken.quarantine] == [
        (1, "feature", "is missing"),
        (2, "date", "is missing"),
        (3, "feature", "is missing"),
        (4, "feature", "is missing"),
    ]


def test_a_million_characters_are_a_value_where_they_may_be(intake):
    long = "a" * 1_000_000
    taken = csv_of(intake, HEADER, f"2024-01-01,{long},1", f"2024-01-02,y,{long}")
    assert taken.column("feature") == [long]
    assert taken.quarantine == [(2, "exposures", "a" * 1000, "is not a number")]


def test_a_row_with_every_column_wrong_names_the_first_and_then_the_others(intake):
    taken = csv_of(intake, "date,feature,variant,exposures,conversions", "x,,blue,-1,b")
    assert taken.quarantine == [
        (
            1,
            "date",
            "x",
            "is not an ISO 8601 date; also feature: is missing; also variant: is not one of "
            "control, treatment; also exposures: is below 0; also conversions: is not a number",
        )
    ]


@pytest.mark.parametrize("word", ["Unknown", "None", "N/A", "UNKNOWN", "none", ""])
def test_the_scheduler_has_words_for_no_time(intake, word):
    taken = jobs_of(intake, SACCT, f"1|a|2024-01-01T00:00:00|{word}|{word}|")
    assert taken.bad == []
    assert (taken.column("start"), taken.column("end")) == ([None], [None])


def test_a_job_without_a_submit_time_is_quarantined(intake):
    taken = jobs_of(intake, SACCT, "1|a|Unknown|||", "2|b||||", "3|c|2024-01-01T00:00:00|||")
    assert taken.column("job_id") == ["3"]
    assert taken.quarantine == [
        (1, "Submit", "Unknown", "is not an ISO 8601 timestamp"),
        (2, "Submit", None, "is missing"),
    ]


def test_the_schedulers_text_has_no_quotes(intake):
    taken = jobs_of(
        intake,
        SACCT,
        '1|train "v2|2024-01-01T00:00:00|||say "hi"',
        "2|it's, ok|2024-01-02T00:00:00|||",
    )
    assert taken.column("job_name") == ['train "v2', "it's, ok"]
    assert taken.column("comment") == ['say "hi"', None]


def test_a_delimiter_in_a_comment_makes_the_row_too_long(intake):
    taken = jobs_of(intake, SACCT, "1|a|2024-01-01T00:00:00|||x|y", "2|b|2024-01-01T00:00:00|||")
    assert taken.column("job_id") == ["2"]
    assert taken.quarantine == [
        (1, None, "1|a|2024-01-01T00:00:00|||x|y", "the row has 7 values, the header 6")
    ]


def test_parsable_with_a_closing_delimiter_is_the_same(intake):
    # `sacct --parsable` ends every line with the delimiter, the header too.
    taken = jobs_of(intake, f"{SACCT}|", "1|a|2024-01-01T00:00:00||||")
    assert (taken.column("job_id"), taken.bad) == (["1"], [])


def test_the_schedulers_header_alone_and_commas_instead(intake):
    assert jobs_of(intake, SACCT).messages == [None]
    taken = jobs_of(intake, SACCT.replace("|", ","), "1,a,2024-01-01T00:00:00,,,")
    assert taken.quarantine == refusal("JobID", "the file lacks the required column JobID")


def test_words_for_no_time_are_compared_without_spaces(intake):
    taken = jobs_of(intake, SACCT, "1|a|2024-01-01T00:00:00| Unknown |Unknown |")
    assert (taken.column("start"), taken.bad) == ([None], [])


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), TEXT_CODES])
def test_words_for_no_time_count_in_parquet_too(intake, kind):
    table = pa.table(
        {
            "JobID": ["1", "2"],
            "Submit": ["2024-01-01T00:00:00"] * 2,
            "End": pa.array(["Unknown", "2024-01-02T00:00:00"]).cast(kind),
        }
    )
    intake.write_parquet("gpu_jobs/jobs.parquet", table)
    taken = intake.take("gpu_jobs")
    assert (taken.bad, taken.column("end")) == ([], [None, dt.datetime(2024, 1, 2)])
