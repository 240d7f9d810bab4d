"""Real answers that got worse: gpt-4 in March and June 2023, question by question.

LLMDrift (Chen, Zaharia, Zou 2024, Apache-2.0), read in place. Each snapshot is asked over four
weeks, a quarter of its questions a week, so that March is the baseline. Published were: PRIME
went from 84.0 % right at 0.01383 USD a call to 51.1 % at 0.00107, LEETCODE from 52 % at 0.0212 to
10 % at 0.0226. Cost per correct answer tells them apart: PRIME became eight times cheaper by it,
LEETCODE five times dearer.
"""

from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from dbt_runs import DbtHome

from ingestion import SYSTEMS
from ingestion.load import load_system

DATA = Path(__file__).parents[2] / "../shared/data/llm-drift"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"real data not here: {DATA} does not exist"
)

TASKS = {"prime": "prime_full_eval.csv", "leetcode": "leetcode_easy_eval.csv"}
SNAPSHOTS = {"openaichat/gpt-4-0314": "2026-03-02", "openaichat/gpt-4-0613": "2026-06-01"}
MARCH, JUNE = SNAPSHOTS.values()


def answers() -> pd.DataFrame:
    """Every answer: task, snapshot's first Monday, the day it is asked, cost, whether right."""
    tasks = []
    for task, file in TASKS.items():
        read = pd.read_csv(DATA / file, dtype={"cost": str})
        read = read[read["model"].isin(SNAPSHOTS)]
        tasks.append(read.assign(task=task))
    rows = pd.concat(tasks)
    rows["snapshot"] = rows["model"].map(SNAPSHOTS)
    quarter = rows.groupby(["task", "snapshot"]).cumcount() % 4
    rows["day"] = pd.to_datetime(rows["snapshot"]) + pd.to_timedelta(7 * quarter, unit="D")
    rows["cost"] = rows["cost"].map(Decimal)
    return rows[["task", "snapshot", "day", "cost", "correct"]]


def write_inputs(inputs: Path, asked: pd.DataFrame) -> None:
    """The answers as bills, calls and weekly evaluations of one model version per task."""
    weeks = asked.groupby(["task", "day"]).agg(
        cost=("cost", "sum"), correct=("correct", "sum"), calls=("correct", "size")
    )
    weeks = weeks.reset_index()
    day = weeks["day"].dt.strftime("%Y-%m-%d")
    identity = {"model_name": weeks["task"], "model_version": "gpt-4"}
    tags = [f'{{"model_name": "{task}", "model_version": "gpt-4"}}' for task in weeks["task"]]
    files = {
        "billing/all.csv": pd.DataFrame(
            {
                "ProviderName": "OpenAI",
                "BillingAccountId": "a",
                "BillingCurrency": "USD",
                "BillingPeriodStart": day.str[:8] + "01",
                "ChargePeriodStart": day,
                "ChargePeriodEnd": (weeks["day"] + pd.Timedelta(days=1)).dt.strftime("%Y-%m-%d"),
                "ChargeCategory": "Usage",
                "ServiceName": "API",
                "BilledCost": weeks["cost"],
                "Tags": tags,
            }
        ),
        "llm_requests/all.csv": pd.DataFrame(
            {
                "timestamp": asked["day"].dt.strftime("%Y-%m-%dT12:00:00Z"),
                "gen_ai.request.model": "gpt-4",
                "model_name": asked["task"],
                "model_version": "gpt-4",
            }
        ),
        "evaluations/all.csv": pd.DataFrame(
            {
                "evaluated_at": day,
                **identity,
                "metric": "accuracy",
                "score": weeks["correct"] / weeks["calls"],
                "samples": weeks["calls"],
            }
        ),
    }
    for name, table in files.items():
        (inputs / name).parent.mkdir(parents=True)
        table.to_csv(inputs / name, index=False)


@pytest.fixture(scope="module")
def asked() -> pd.DataFrame:
    return answers()


@pytest.fixture(scope="module")
def weeks(asked, tmp_path_factory) -> pd.DataFrame:
    """The mart, with the snapshot that each week belongs to."""
    home = DbtHome(tmp_path_factory.mktemp("drift"))
    write_inputs(home.home / "inputs", asked)
    for name in SYSTEMS:
        load_system(name, home.home / "inputs", home.home)
    results = home.run(
        *("build", "--select", "+fct_drift_cost_weekly"),
        *("--exclude-resource-types", "unit_test", "test"),
    )
    assert not [result for result in results if result.status != "success"]
    with duckdb.connect(home.build, read_only=True) as connection:
        mart = connection.sql("from marts.fct_drift_cost_weekly").df()
    mart["snapshot"] = [MARCH if str(week) < "2026-05" else JUNE for week in mart["week"]]
    return mart


def spoken(asked: pd.DataFrame, task: str, snapshot: str) -> tuple[float, float, float]:
    """Right share, cost per call and cost per right answer, from the file."""
    rows = asked[(asked["task"] == task) & (asked["snapshot"] == snapshot)]
    cost, right = float(rows["cost"].sum()), int(rows["correct"].sum())
    return right / len(rows), cost / len(rows), cost / right


@pytest.mark.parametrize(
    ("task", "snapshot", "share", "per_call"),
    [
        ("prime", MARCH, 0.840, 0.01383),
        ("prime", JUNE, 0.511, 0.00107),
        ("leetcode", MARCH, 0.52, 0.0212),
        ("leetcode", JUNE, 0.10, 0.0226),
    ],
)
def test_the_published_figures(asked, weeks, task, snapshot, share, per_call):
    stated = spoken(asked, task, snapshot)
    assert stated[:2] == pytest.approx((share, per_call), rel=0.005)
    found = weeks[(weeks["model_name"] == task) & (weeks["snapshot"] == snapshot)]
    assert len(found) == 4
    right = found["correct_outcomes"].astype(float).sum()
    cost = found["cost_usd"].astype(float).sum()
    calls = found["requests"].sum()
    assert (right / calls, cost / calls, cost / right) == pytest.approx(stated, rel=1e-9)


@pytest.mark.parametrize("task", TASKS)
def test_drift_is_what_june_paid_above_the_march_price_of_a_right_answer(asked, weeks, task):
    share, per_call, _ = spoken(asked, task, JUNE)
    calls = ((asked["task"] == task) & (asked["snapshot"] == JUNE)).sum()
    expected = calls * (per_call - share * spoken(asked, task, MARCH)[2])
    june = weeks[(weeks["model_name"] == task) & (weeks["snapshot"] == JUNE)]
    assert june["drift_cost_usd"].astype(float).sum() == pytest.approx(expected, rel=1e-9)
    march = weeks[(weeks["model_name"] == task) & (weeks["snapshot"] == MARCH)]
    assert march["is_baseline"].all()
    assert march["drift_cost_usd"].astype(float).sum() == pytest.approx(0, abs=1e-9)


def test_a_worse_model_can_be_the_cheaper_one(weeks):
    june = weeks[weeks["snapshot"] == JUNE].groupby("model_name")["drift_cost_usd"].sum()
    assert june["prime"] < 0 < june["leetcode"]
