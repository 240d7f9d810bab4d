"""The same content again, other content under the same name, and many files."""

import os
import time

import pytest

HEADER = "date,feature,exposures\n"
BILL = "BilledCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory\n"


def kpis(*counts):
    return HEADER + "".join(f"2024-01-01,x,{count}\n" for count in counts)


def bill(cost):
    return f"{BILL}{cost},USD,2024-09-01,2024-09-02,Usage\n"


@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ("a.csv", "sub/a.csv")])
def test_the_same_content_under_two_names_is_loaded_once(intake, names):
    for name in names:
        intake.write(f"product_kpis/{name}", kpis(1, 2))
    taken = intake.take("product_kpis")
    assert list(taken.outcomes) == [f"product_kpis/{names[0]}"]
    assert taken.column("exposures") == [1, 2]


def test_the_same_bill_in_two_deliveries_is_loaded_twice(intake):
    # A later delivery may take back what one between them changed.
    intake.write("billing/1/a.csv", bill("1"))
    intake.write("billing/1/b.csv", bill("1"))
    intake.write("billing/2/a.csv", bill("1"))
    assert list(intake.take("billing").outcomes) == ["billing/1/a.csv", "billing/2/a.csv"]


def test_bad_files_with_the_same_content_are_each_named(intake):
    for name in ("a", "b"):
        intake.write(f"product_kpis/{name}.csv", "nothing,of,this\n1,2,3\n")
    taken = intake.take("product_kpis")
    assert [outcome.is_complete for outcome in taken.outcomes.values()] == [False, False]


def test_empty_files_are_each_named(intake):
    for name in ("a.csv", "b.jsonl", "c.parquet", "d.csv"):
        intake.write(f"product_kpis/{name}", "")
    taken = intake.take("product_kpis")
    assert taken.messages == ["the file is empty"] * 4


def test_nothing_is_read_twice_but_what_changed(intake):
    intake.write("product_kpis/a.csv", kpis(1))
    intake.write("product_kpis/b.csv", kpis(2))
    first = intake.take("product_kpis")
    assert intake.take("product_kpis", first.ledger).outcomes == {}
    intake.write("product_kpis/a.csv", kpis(3, 4))
    second = intake.take("product_kpis", first.ledger)
    assert second.column("exposures") == [3, 4]
    assert list(second.outcomes) == ["product_kpis/a.csv"]


def test_a_touched_file_of_the_same_content_is_not_read_again(intake):
    path = intake.write("product_kpis/a.csv", kpis(1))
    first = intake.take("product_kpis")
    os.utime(path, ns=(1, 1))
    assert intake.take("product_kpis", first.ledger).outcomes == {}


def test_a_renamed_file_is_a_duplicate_and_not_read_again(intake):
    path = intake.write("product_kpis/a.csv", kpis(1))
    first = intake.take("product_kpis")
    path.rename(path.with_name("z.csv"))
    assert intake.take("product_kpis", first.ledger).good == []


def test_a_bad_file_that_was_mended_is_read(intake):
    intake.write("product_kpis/a.csv", "date,who\n2024-01-01,x\n")
    first = intake.take("product_kpis")
    assert first.messages == ["the file lacks the required column feature"]
    intake.write("product_kpis/a.csv", kpis(7))
    assert intake.take("product_kpis", first.ledger).column("exposures") == [7]


def test_a_thousand_small_files_take_seconds(intake):
    count = 1000
    for number in range(count):
        intake.write(f"product_kpis/{number}.csv", kpis(number))
    started = time.perf_counter()
    taken = intake.take("product_kpis")
    seconds = time.perf_counter() - started
    assert taken.column("exposures") == list(range(count))
    # A few milliseconds each; time that grew with the square of their number would show.
    assert seconds < 30
