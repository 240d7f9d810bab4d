"""JSON lines whose lines, keys or types are not what one would like."""

import json
from decimal import Decimal

import pytest

NAME = "product_kpis/k.jsonl"
NO_OBJECT = "the line is not a JSON object"


def kpi(**values):
    return json.dumps({"date": "2024-01-01", "feature": "x", **values})


def take(intake, *lines, end="\n"):
    intake.write(NAME, "\n".join(lines) + end)
    return intake.take("product_kpis")


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "}",
        "[]",
        '[{"date": "2024-01-01"}]',
        "null",
        "true",
        "1",
        '"text"',
        "date,feature",
        "{'date': '2024-01-01'}",
        '{"date": "2024-01-01",}',
        '{"date": "2024-01-01"} {"date": "2024-01-01"}',
        '{"feature": "never closed}',
        '{"feature": "a\tb"}',
        '{"feature": "\\x"}',
        '{"exposures": 01}',
        "[" * 5000,
        '{"exposures": ' + "[" * 5000,
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_line_that_is_no_object_spoils_itself_only(intake, line, place):
    lines = [kpi(exposures=1), kpi(exposures=2)]
    lines.insert(place, line)
    taken = take(intake, *lines)
    assert taken.column("exposures") == [1, 2]
    assert taken.quarantine == [(place + 1, None, line[:1000], NO_OBJECT)]


def test_blank_lines_are_no_rows(intake):
    taken = take(intake, "", kpi(exposures=1), "", "  ", "\t", kpi(exposures=2), "\r", "")
    assert taken.bad == []
    assert taken.column("_row_number") == [1, 2]


@pytest.mark.parametrize("content", ["\n", "\n\n", " ", "\ufeff", "\ufeff\n"])
def test_a_file_without_a_line_has_no_rows(intake, content):
    intake.write(NAME, content)
    (outcome,) = intake.take("product_kpis").outcomes.values()
    assert (outcome.rows_read, outcome.is_complete, outcome.message) == (0, True, None)


def test_the_type_of_a_count_may_change_from_line_to_line(intake):
    values = [1, "2", 3.0, {"a": 1}, [5], True, None, "six", 7.5, "8.0", 1e3, 2**63, -1]
    taken = take(intake, *(kpi(exposures=value) for value in values))
    assert taken.column("exposures") == [1, 2, 3, None, 8, 1000]
    assert taken.column("_row_number") == [1, 2, 3, 7, 10, 11]
    assert taken.quarantine == [
        (4, "exposures", '{"a": 1}', "is not a number"),
        (5, "exposures", "[5]", "is not a number"),
        (6, "exposures", "true", "is not a number"),
        (8, "exposures", "six", "is not a number"),
        (9, "exposures", "7.5", "is not a whole number"),
        (12, "exposures", "9223372036854775808", "is too large for a whole number"),
        (13, "exposures", "-1", "is below 0"),
    ]


@pytest.mark.parametrize(
    ("good", "bad", "shown"),
    [
        (1, {"a": 1}, '{"a": 1}'),
        (1, [1, 2], "[1, 2]"),
        ("1", {"a": 1}, '{"a": 1}'),
        (1, "one", "one"),
        (1, False, "false"),
    ],
)
def test_a_money_value_of_another_type_spoils_its_row_in_either_order(intake, good, bad, shown):
    lines = [kpi(revenue=good), kpi(revenue=bad)]
    for order, number in ((lines, 2), (lines[::-1], 1)):
        taken = take(intake, *order)
        assert taken.column("revenue") == [Decimal(1)]
        assert taken.quarantine == [(number, "revenue", shown, "is not a number")]


def test_only_nested_values_where_numbers_are_expected(intake):
    taken = take(intake, kpi(exposures={"a": 1}), kpi(exposures={"a": 2}))
    assert [row[:2] for row in taken.quarantine] == [(1, "exposures"), (2, "exposures")]
    assert {row[3] for row in taken.quarantine} == {"is not a number"}


def test_texts_keep_the_digits_they_were_written_with(intake):
    lines = [
        '{"date": "2024-01-01", "feature": 1.50, "revenue": 0.1000000000005}',
        '{"date": "2024-01-01", "feature": 12345678901234567890, "revenue": 1e-3}',
        '{"date": "2024-01-01", "feature": true, "revenue": "1E+3"}',
        '{"date": "2024-01-01", "feature": "x", "revenue": -0.0}',
    ]
    taken = take(intake, *lines)
    assert taken.column("feature") == ["1.50", "12345678901234567890", "true", "x"]
    assert taken.column("revenue") == [
        Decimal("0.100000000000"),
        Decimal("0.001"),
        Decimal(1000),
        Decimal(0),
    ]


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_the_words_of_javascript_for_no_number(intake, word):
    line = f'{{"date": "2024-01-01", "feature": "x", "revenue": {word}}}'
    taken = take(intake, kpi(revenue=1), line)
    assert taken.column("revenue") == [Decimal(1)]
    assert taken.quarantine == [(2, "revenue", word, "is not a number")]


def test_a_key_twice_in_a_line_counts_with_its_last_value(intake):
    line = '{"date": "2024-01-01", "feature": "x", "exposures": 1, "exposures": 2}'
    taken = take(intake, line)
    assert (taken.column("exposures"), taken.bad) == ([2], [])


def test_two_spellings_of_a_key_in_one_line(intake):
    line = '{"date": "2024-01-01", "feature": "x", "exposures": 1, "Exposures": 2}'
    taken = take(intake, line)
    assert (taken.column("exposures"), taken.bad) == ([2], [])


def test_keys_in_another_spelling_and_unknown_keys(intake):
    taken = take(intake, '{"DATE": "2024-01-01", "Feature": "x", "who": {"a": [1]}, "": 1}')
    assert taken.column("feature") == ["x"]
    assert taken.ledger[0]["ignored_columns"] == "who, "


@pytest.mark.parametrize("end", ["", ".gz"])
def test_a_required_key_that_no_line_has_is_named_in_every_row(intake, end):
    # A line's keys are its own affair, so there is no header to refuse the file by.
    lines = [json.dumps({"date": "2024-01-01", "exposures": row}) for row in range(3)]
    intake.write(NAME + end, "\n".join(lines))
    taken = intake.take("product_kpis")
    assert taken.outcomes[NAME + end].is_complete
    assert taken.good == []
    assert taken.quarantine == [(row, "feature", None, "is missing") for row in (1, 2, 3)]


def test_lines_of_something_else_name_every_missing_column(intake):
    taken = take(intake, '{"a": 1}', "{}")
    reason = "is missing; also feature: is missing"
    assert taken.quarantine == [(1, "date", None, reason), (2, "date", None, reason)]


@pytest.mark.parametrize("text", ["\\ud83d", "\\udc00x", "a\\ud800"])
def test_half_a_surrogate_pair_becomes_a_replacement_and_its_row_stays(intake, text):
    taken = take(intake, f'{{"date": "2024-01-01", "feature": "x{text}"}}', kpi())
    assert taken.outcomes[NAME].rows_read == 2
    assert "x" in taken.column("feature")


def test_a_million_characters(intake):
    long = "a" * 1_000_000
    taken = take(intake, kpi(feature=long), kpi(exposures=long))
    assert taken.column("feature") == [long]
    assert taken.quarantine == [(2, "exposures", "a" * 1000, "is not a number")]


def test_a_timestamp_like_text_stays_a_text(intake):
    taken = take(intake, kpi(feature="2024-01-01T00:00:00Z"), kpi(feature="2024-01-01"))
    assert taken.column("feature") == ["2024-01-01T00:00:00Z", "2024-01-01"]


BILL = {
    "BilledCost": 1.5,
    "BillingCurrency": "USD",
    "BillingPeriodStart": "2024-01-01",
    "ChargePeriodStart": "2024-01-01",
    "ChargeCategory": "Usage",
}


@pytest.mark.parametrize(
    "tags",
    [
        [[None, 1], [None, None, 2], [3]],
        [[None], [1, 2], []],
        [{"a": [None, "x"]}, {"a": ["y"]}, {"a": []}],
        [{"a": [[None, 1]]}, {"a": [[2], [None, None]]}],
    ],
)
def test_lists_that_begin_with_null_keep_every_value_in_its_row(intake, tags):
    lines = [json.dumps({**BILL, "Tags": value}) for value in tags]
    intake.write("billing/b.jsonl", "\n".join(lines))
    taken = intake.take("billing")
    assert [json.loads(text) for text in taken.column("tags")] == tags


@pytest.mark.parametrize("depth", [1000, 3000, 100_000])
def test_nesting_without_end_spoils_its_row_or_its_cell(intake, depth):
    deep = f'{{"date": "2024-01-01", "feature": "x", "exposures": {"[" * depth}{"]" * depth}}}'
    taken = take(intake, kpi(exposures=1), deep, kpi(exposures=2))
    assert taken.column("exposures") == [1, 2]
    assert taken.column("_row_number") == [1, 3]
    assert [row[0] for row in taken.quarantine] == [2]


def test_an_object_over_two_lines_is_no_row(intake):
    # As many objects as lines, but neither line is one.
    taken = take(intake, f'{kpi()} {{"date": "2024-01-01", "feature":', '{"a": 1}}', kpi())
    assert taken.column("_row_number") == [3]
    assert [(row[0], row[3]) for row in taken.quarantine] == [(1, NO_OBJECT), (2, NO_OBJECT)]
