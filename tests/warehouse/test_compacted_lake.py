"""What the marts are built from is the same after compaction; what was removed stays away."""

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from dbt_runs import DbtHome

from ingestion.compaction import compact
from ingestion.load import load_system
from pipelines.home import HomePaths
from pipelines.upkeep.retention import superseded

HEADER = (
    "ProviderName,BillingAccountId,BillingCurrency,BilledCost,BillingPeriodStart,"
    "ChargePeriodStart,ChargePeriodEnd,ChargeCategory\n"
)
# What the check of deliveries and retention read; views read the lake as it is when they are asked.
SELECTED = ("int_billing__deliveries", "load_ledger", "loads", "stg_planning__roles")
# Of these every row is compared: what is left of the lake once it is known which rows count.
INPUTS = (
    *("staging.stg_billing__charges", "staging.stg_planning__roles"),
    *("staging.stg_lake__load_ledger", "staging.stg_lake__loads"),
)


def deliver(inputs, name: str, *costs: str) -> None:
    path = inputs / "billing" / name
    path.parent.mkdir(exist_ok=True, parents=True)
    rows = (
        f"AWS,1,USD,{cost},2026-05-01,2026-05-0{day + 1},2026-05-0{day + 2},Usage\n"
        for day, cost in enumerate(costs)
    )
    path.write_text(HEADER + "".join(rows))


def load(inputs, home, systems=("billing", "roles")) -> None:
    for system in systems:
        load_system(system, inputs, home)


def build(dbt: DbtHome) -> None:
    selected = [f"+{name}" for name in SELECTED]
    without = ("--exclude-resource-types", "test", "unit_test")
    results = dbt.run("build", *without, "--select", *selected)
    assert {result.status for result in results} == {"success"}


def counted(dbt: DbtHome) -> dict[str, list[tuple]]:
    """The rows that count, as the views of this warehouse read them from the lake now.

    `stg_lake__live_files` is a table: of billing, only deliveries that count for a period and the
    one each of them replaced are looked at.
    """
    with duckdb.connect(dbt.build, read_only=True) as warehouse:
        found = {table: warehouse.sql(f"select * from {table} order by all") for table in INPUTS}
        charges = found["staging.stg_billing__charges"].filter(
            "delivery in (select delivery from intermediate.int_billing__deliveries "
            "where delivery_rank <= 2)"
        )
        found["staging.stg_billing__charges"] = charges.order("charge_id, load_id")
        return {table: rows.fetchall() for table, rows in found.items()}


def failures(dbt: DbtHome) -> list[str]:
    (result,) = dbt.run("test", "--select", "assert_billing_deliveries_are_whole")
    return [result.message] if result.status != "pass" else []


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    root = tmp_path_factory.mktemp("compacted")
    inputs, dbt = root / "inputs", DbtHome(root / "home")
    dbt.home.mkdir()
    for number in range(4):
        # a delivery of two files, which the next one replaces
        deliver(inputs, f"v{number}/one.csv", "10.000000000001", "20")
        deliver(inputs, f"v{number}/two.csv", f"0.0{number}", "5")
        (inputs / "roles").mkdir(exist_ok=True)
        (inputs / "roles" / "r.csv").write_text(f"role,team\nhead,t{number}\n")
        load(inputs, dbt.home)
    build(dbt)
    before = counted(dbt)
    later = datetime.now(UTC) + timedelta(days=3)
    removable = superseded(HomePaths.at(dbt.home), 1, later)
    outcomes = {outcome.table: outcome for outcome in compact(dbt.home, removable)}
    after = counted(dbt)
    # one file of a delivery that was removed comes again, with other content
    deliver(inputs, "v0/two.csv", "0.5", "5")
    load(inputs, dbt.home)
    build(dbt)
    return before, after, outcomes, failures(dbt)


def test_what_counts_is_the_same_before_and_after(story):
    before, after, _, _ = story
    assert len(before["staging.stg_billing__charges"]) == 8
    assert before == after


def test_what_does_not_count_is_gone(story):
    billing = story[2]["billing"]
    # of v0 and v1 both files, two charges each; v3 counts and v2 is what it replaced
    assert billing.rows_removed == 8
    assert str(dict(billing.sums_removed)["billed_cost"]) == "70.010000000002"
    assert story[2]["roles"].rows_removed == 3


def test_a_delivery_without_the_rows_that_were_removed_does_not_pass(story):
    (message,) = story[3]
    assert "1 result" in message
