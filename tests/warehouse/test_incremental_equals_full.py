"""A warehouse that grew delivery by delivery is the warehouse built at once from the same lake.

Each step brings what breaks incremental models: a restated period that lost a day, a late day from
two months ago, a file whose new version holds less, prices and a registry that change what earlier
days mean. After each step every table is compared, row by row, with a build from nothing.
"""

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dbt_runs import DbtHome

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
    "int_requests__vendor_weights",
}
CHAT = '"{""model_name"": ""chat"", ""model_version"": ""v1"", ""team"": ""a""}"'
PLATFORM = '"{""cost_component"": ""orchestration""}"'


def charge(cost: str, start: str, end: str, resource: str = "", text: str = "", tags: str = ""):
    provider = "OpenAI" if text else "AWS"
    return (
        f"{provider},1,USD,{cost},{cost},{cost},2026-05-01,{start},{end},Usage,svc,"
        f"{resource},{text},{tags}\n"
    )


def write_bill(inputs: Path, name: str, *charges: str) -> None:
    path = inputs / "billing" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(BILL_HEADER + "".join(charges))


def write_samples(inputs: Path, name: str, start: dt.datetime, count: int, model: str) -> None:
    table = pa.table(
        {
            "timestamp": pa.array(
                [start + dt.timedelta(minutes=20 * i) for i in range(count)], pa.timestamp("us")
            ),
            "gpu_uuid": ["GPU-1"] * count,
            "resource_id": ["i-1"] * count,
            "accelerator": ["NVIDIA-H100"] * count,
            "model_name": [model if i % 3 else None for i in range(count)],
            "model_version": ["v1" if i % 3 else None for i in range(count)],
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


def billed_days(warehouse: Path) -> list[tuple[str]]:
    # closed at once: an open connection would go on showing this step's file to the next
    with duckdb.connect(warehouse, read_only=True) as connection:
        return connection.execute(
            "select distinct cast(date_day as varchar) from marts.fct_model_cost_daily order by 1"
        ).fetchall()


def build(home: DbtHome) -> list[str]:
    results = home.run(
        "build",
        *("--exclude", "source:lake.demand_forecasts+", "source:lake.demand_backtests+"),
        *("--exclude-resource-types", "unit_test"),
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
        shutil.rmtree(at_once.home, ignore_errors=True)
        at_once.home.mkdir()
        (at_once.home / "lake").symlink_to(grown.home / "lake")
        problems += build(at_once)
        found.append((problems, differences(grown.build, at_once.build), billed_days(grown.build)))
    return found


@pytest.mark.parametrize("step", [0, 1, 2])
def test_grown_and_built_at_once_are_the_same(steps, step):
    problems, different, _ = steps[step]
    assert problems == []
    assert different == {}


def test_a_restated_period_loses_the_day_it_lost(steps):
    assert steps[0][2] == [("2026-05-01",), ("2026-05-02",)]
    assert steps[1][2] == [("2026-05-02",), ("2026-05-05",)]
