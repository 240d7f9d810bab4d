"""A warehouse that grew delivery by delivery is the warehouse built at once from the same lake.

Each step brings what breaks incremental models: a restated period that lost a day, a late day from
two months ago, a file whose new version holds less, prices, exchange rates and a registry that
change what earlier days mean, a scheduler export that knows what became of a job, a fleet in which
a GPU type means two accelerators. After each step every table is compared, row by row, with a build
from nothing.
"""

import datetime as dt
import shutil
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dbt_runs import WITHOUT_FORECASTS, DbtHome

from ingestion import SYSTEMS
from ingestion.load import load_system

BILL_HEADER = (
    "ProviderName,BillingAccountId,BillingCurrency,BilledCost,EffectiveCost,ListCost,"
    "BillingPeriodStart,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceName,ResourceId,"
    "ChargeDescription,Tags\n"
)
# Tables that hold only what the last refresh worked on.
WORK_TABLES = {
    "int_cost__gpu_time_parts",
    "int_cost__routes",
    "int_cost__shared_parts",
    "int_cost__token_share_parts",
    "int_cost__vendor_models",
    "int_jobs__affected_days",
    "int_jobs__alive",
    "int_jobs__changed_gpu_types",
    "int_jobs__waiting_hours",
    "int_currency__changed_days",
    "int_requests__vendor_weights",
}
CHAT = '"{""model_name"": ""chat"", ""model_version"": ""v1"", ""team"": ""a""}"'
PLATFORM = '"{""cost_component"": ""orchestration""}"'


SACCT_HEADER = "JobID|Account|State|Submit|Eligible|Start|End|ReqTRES|AllocTRES|Comment\n"


def charge(
    cost: str,
    start: str,
    end: str,
    resource: str = "",
    text: str = "",
    tags: str = "",
    currency: str = "USD",
):
    provider = "OpenAI" if text else "AWS"
    account = "dollars" if currency == "USD" else "euros"
    return (
        f"{provider},{account},{currency},{cost},{cost},{cost},2026-05-01,{start},{end},Usage,svc,"
        f"{resource},{text},{tags}\n"
    )


def write_bill(inputs: Path, name: str, *charges: str) -> None:
    path = inputs / "billing" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(BILL_HEADER + "".join(charges))


def write_jobs(inputs: Path, name: str, *lines: str) -> None:
    (inputs / "gpu_jobs").mkdir(exist_ok=True)
    (inputs / "gpu_jobs" / name).write_text(SACCT_HEADER + "".join(f"{line}\n" for line in lines))


def write_rates(inputs: Path, *lines: str) -> None:
    (inputs / "currency").mkdir(exist_ok=True)
    text = "date,currency,usd_rate\n" + "".join(f"{line}\n" for line in lines)
    (inputs / "currency/rates.csv").write_text(text)


def write_samples(
    inputs: Path,
    name: str,
    start: dt.datetime,
    count: int,
    model: str,
    accelerator: str = "NVIDIA-H100",
) -> None:
    table = pa.table(
        {
            "timestamp": pa.array(
                [start + dt.timedelta(minutes=20 * i) for i in range(count)], pa.timestamp("us")
            ),
            "gpu_uuid": [f"GPU-{accelerator}"] * count,
            "resource_id": ["i-1"] * count,
            "accelerator": [accelerator] * count,
            "model_name": [model if i % 3 else None for i in range(count)],
            "model_version": ["v1" if i % 3 else None for i in range(count)],
            "team": ["a" if i % 3 else None for i in range(count)],
            "DCGM_FI_DEV_GPU_UTIL": [float(i % 90) for i in range(count)],
        }
    )
    (inputs / "gpu_metrics").mkdir(exist_ok=True)
    pq.write_table(table, inputs / "gpu_metrics" / name)


def write_calls(inputs: Path, name: str, *lines: str) -> None:
    (inputs / "llm_requests").mkdir(exist_ok=True)
    header = (
        "timestamp,gen_ai.provider.name,gen_ai.request.model,model_name,model_version,endpoint,"
        "request_count,gen_ai.usage.input_tokens,gen_ai.usage.output_tokens\n"
    )
    (inputs / "llm_requests" / name).write_text(header + "".join(f"{line}\n" for line in lines))


def first_deliveries(inputs: Path) -> None:
    write_bill(
        inputs,
        "may-1.csv",
        charge("10", "2026-05-01", "2026-05-02", resource="i-1"),
        charge("7", "2026-05-01T12:00:00", "2026-05-03", tags=CHAT),
        charge("3", "2026-05-02", "2026-05-03", text="gpt-4o usage"),
        charge("1", "2026-05-02", "2026-05-03", tags=PLATFORM),
        charge("10.01", "2026-05-01", "2026-05-03", tags=CHAT, currency="EUR"),
    )
    write_rates(inputs, "2026-04-30,EUR,1.1", "2026-05-02,EUR,1.083333333333")
    write_jobs(
        inputs,
        "may-2.txt",
        "1|a|RUNNING|2026-05-01T08:00:00|2026-05-01T08:00:00|2026-05-01T09:00:00|Unknown"
        "|gres/gpu:h100=2|gres/gpu:h100=2|",
        "2_[1-2]|b|PENDING|2026-05-01T10:00:00|2026-05-01T10:00:00|Unknown|Unknown|gres/gpu=1||",
        "3|b|PENDING|2026-05-02T00:10:00|2026-05-02T00:10:00|None|Unknown|gres/gpu:h100=1||team=c",
    )
    write_samples(inputs, "a.parquet", dt.datetime(2026, 5, 1), 70, "chat")
    write_calls(
        inputs,
        "a.csv",
        "2026-05-01T02:00:00Z,,own,chat,v1,/chat,600,60000,6000",
        "2026-05-01T03:00:00Z,,own,chat,v1,/chat,501,60007,6000",
        "2026-05-02T01:00:00Z,openai,gpt-4o,support,v1,/s,1,1000,100",
        "2026-05-02T02:00:00Z,azure.ai.openai,gpt-4o,other,v1,/o,1,500,300",
    )
    (inputs / "product_kpis").mkdir()
    (inputs / "product_kpis/k.csv").write_text(
        "date,feature,model_name,model_version,variant,exposures,conversions,revenue,"
        "retained_users,active_users\n"
        "2026-05-01,f,chat,v1,treatment,1000,60,200,50,100\n"
        "2026-05-01,f,,,control,1000,50,150,45,100\n"
    )
    (inputs / "prices").mkdir()
    (inputs / "prices/p.csv").write_text(
        "effective_from,provider,provider_model,input_per_mtok,output_per_mtok\n"
        "2026-01-01,OpenAI,gpt-4o,2.5,10\n"
    )


def restated_and_late(inputs: Path) -> None:
    # the restated period lost 1 May and gained 5 May
    write_bill(
        inputs,
        "may-2.csv",
        charge("10", "2026-05-05", "2026-05-06", resource="i-1"),
        charge("3", "2026-05-02", "2026-05-03", text="gpt-4o usage"),
        charge("1", "2026-05-02", "2026-05-03", tags=PLATFORM),
    )
    # of one job it is now known how it ended, of an array which tasks it had
    write_jobs(
        inputs,
        "may-3.txt",
        "1|a|COMPLETED|2026-05-01T08:00:00|2026-05-01T08:00:00|2026-05-01T09:00:00"
        "|2026-05-01T19:30:00|gres/gpu:h100=2|gres/gpu:h100=2|",
        "2_1|b|RUNNING|2026-05-01T10:00:00|2026-05-01T10:00:00|2026-05-02T01:00:00|Unknown"
        "|gres/gpu=1|gres/gpu:h100=1|",
        "2_[2]|b|PENDING|2026-05-01T10:00:00|2026-05-01T10:00:00|Unknown|Unknown|gres/gpu=1||",
    )
    # a rate is corrected, one comes, one goes
    write_rates(inputs, "2026-04-30,EUR,1.2", "2026-05-01,EUR,1.3")
    # a late day from two months ago, its second row reaching over midnight
    write_calls(
        inputs,
        "late.csv",
        "2026-03-01T23:58:00Z,,own,chat,v1,/chat,100,60001,6000",
        "2026-03-02T00:08:00Z,,own,chat,v1,/chat,50,601,6",
    )
    # a file whose new version holds less, of another workload
    write_samples(inputs, "a.parquet", dt.datetime(2026, 5, 1, 6), 20, "support")
    write_samples(inputs, "b.parquet", dt.datetime(2026, 5, 2), 65, "chat")


def catalogs_change(inputs: Path) -> None:
    # from here on h100 means two accelerators
    write_samples(inputs, "c.parquet", dt.datetime(2026, 5, 2), 30, "chat", "NVIDIA-H100-NVL")
    (inputs / "prices/p2.csv").write_text(
        "effective_from,provider,provider_model,input_per_mtok,output_per_mtok\n"
        "2026-05-02,openai,gpt-4o,1,20\n"
    )
    (inputs / "model_registry").mkdir()
    (inputs / "model_registry/r.csv").write_text(
        "model_name,model_version,hosting,accelerator,initiative,deployed_at\n"
        "chat,v1,self_hosted,nvidia-h100,exploration,2026-03-01\n"
    )
    write_calls(inputs, "a.csv", "2026-05-02T01:00:00Z,openai,gpt-4o,support,v1,/s,1,1000,100")


def differences(grown: Path, at_once: Path) -> dict[str, tuple[int, int]]:
    """Tables that differ, with the rows only one side holds."""
    found = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{grown}' as grown (read_only)")
        connection.execute(f"attach '{at_once}' as at_once (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'at_once' "
            "and schema_name in ('marts', 'intermediate')"
        ).fetchall()
        assert len(tables) > 30
        for schema, table in tables:
            if table in WORK_TABLES or table.startswith("int_refresh__"):
                continue
            rows = tuple(
                connection.execute(
                    f"select count(*) from (from {a}.{schema}.{table} "
                    f"except all from {b}.{schema}.{table})"
                ).fetchone()[0]
                for a, b in (("grown", "at_once"), ("at_once", "grown"))
            )
            if rows != (0, 0):
                found[f"{schema}.{table}"] = rows
    return found


@dataclass(frozen=True)
class Seen:
    """What a step left in the marts, in hand-checkable figures."""

    billed_days: list[tuple[str]]
    euros_in_usd: Decimal
    jobs: list[tuple[str, str, str, int]]


def seen(warehouse: Path) -> Seen:
    # closed at once: an open connection would go on showing this step's file to the next
    with duckdb.connect(warehouse, read_only=True) as connection:
        return Seen(
            connection.execute(
                "select distinct cast(date_day as varchar) from marts.fct_model_cost_daily "
                "where billing_currency = 'USD' order by 1"
            ).fetchall(),
            connection.execute(
                "select sum(billed_cost_usd) from marts.fct_model_cost_daily "
                "where billing_currency = 'EUR'"
            ).fetchone()[0],
            connection.execute(
                "select cast(date_day as varchar), team, accelerator, jobs "
                "from marts.fct_gpu_queue_daily where jobs > 0 order by all"
            ).fetchall(),
        )


def build(home: DbtHome, *without: str) -> list[str]:
    results = home.run(
        "build", *WITHOUT_FORECASTS, *("--exclude-resource-types", "unit_test", *without)
    )
    return [f"{r.name}: {r.message}" for r in results if r.status not in ("success", "pass")]


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    root = tmp_path_factory.mktemp("growing")
    inputs = root / "inputs"
    inputs.mkdir()
    grown, at_once = DbtHome(root / "grown"), DbtHome(root / "at_once")
    grown.home.mkdir()
    found = []
    for step in (first_deliveries, restated_and_late, catalogs_change):
        step(inputs)
        for system in SYSTEMS:
            load_system(system, inputs, grown.home)
        problems = build(grown)
        different = {}
        if found:
            shutil.rmtree(at_once.home, ignore_errors=True)
            at_once.home.mkdir()
            (at_once.home / "lake").symlink_to(grown.home / "lake")
            # The same tables: what their tests say of the grown ones holds of these.
            problems += build(at_once, "test")
            different = differences(grown.build, at_once.build)
        found.append((problems, different, seen(grown.build)))
    return found


@pytest.mark.parametrize("step", [0, 1, 2])
def test_grown_and_built_at_once_are_the_same(steps, step):
    """The first step is itself a build from nothing."""
    problems, different, _ = steps[step]
    assert problems == []
    assert different == {}


def test_a_restated_period_loses_the_day_it_lost(steps):
    assert steps[0][2].billed_days == [("2026-05-01",), ("2026-05-02",)]
    assert steps[1][2].billed_days == [("2026-05-02",), ("2026-05-05",)]


def test_money_follows_a_corrected_rate(steps):
    # 5.005 EUR a day: at 1.1 of the day before and 1.083333333333, then at 1.3 on both days
    assert steps[0][2].euros_in_usd == Decimal("5.5055") + Decimal("5.422083333332")
    assert steps[1][2].euros_in_usd == Decimal("13.013")


def test_a_job_counts_once_as_its_newest_export_says(steps):
    assert steps[0][2].jobs == [
        ("2026-05-01", "a", "NVIDIA-H100", 1),
        ("2026-05-01", "b", "unattributed", 1),
        ("2026-05-02", "c", "NVIDIA-H100", 1),
    ]
    # the array's first task has an id and a GPU now, its second still waits for any
    assert steps[1][2].jobs == [
        ("2026-05-01", "a", "NVIDIA-H100", 1),
        ("2026-05-01", "b", "NVIDIA-H100", 1),
        ("2026-05-01", "b", "unattributed", 1),
        ("2026-05-02", "c", "NVIDIA-H100", 1),
    ]
    # two accelerators are called h100 now
    assert steps[2][2].jobs == [
        ("2026-05-01", "a", "h100", 1),
        ("2026-05-01", "b", "h100", 1),
        ("2026-05-01", "b", "unattributed", 1),
        ("2026-05-02", "c", "h100", 1),
    ]
