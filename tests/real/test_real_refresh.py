"""Real public data through the whole house: one refresh, then what the marts say of it.

FOCUS-Sample-Data (CC BY 4.0), BurstGPT (Wang et al., KDD 2025, CC BY 4.0), ServeGen (Alibaba,
Apache-2.0) and the Azure LLM inference trace (Patel et al., ISCA 2024, CC BY 4.0), read in place.
"""

import csv
import datetime as dt
import json
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

DATA = Path(__file__).parents[2] / "../shared/data"
FOCUS = DATA / "focus-sample/focus_sample_1000_v1.0.csv"
BURSTGPT = DATA / "burstgpt-hourly/burstgpt_hourly_d00-44.csv"
SERVEGEN = DATA / "servegen-hourly"
AZURE = DATA / "azure-llm-2023/AzureLLMInferenceTrace_conv.csv"

pytestmark = pytest.mark.skipif(
    not FOCUS.is_file(), reason=f"real data not here: {FOCUS} does not exist"
)

#: BurstGPT and ServeGen carry no calendar dates; they are laid to end with the Azure trace's day.
END = dt.datetime(2023, 11, 17)
BURSTGPT_START = END - dt.timedelta(days=45)
SERVEGEN_START = END - dt.timedelta(days=14)
SERVEGEN_COLUMNS = (
    "timestamp",
    "gen_ai.request.model",
    "model_name",
    "model_version",
    "endpoint",
    "request_count",
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.output_tokens",
)
AZURE_BILL_USD = Decimal("123.456789")


def burstgpt() -> dict[str, dict[dt.datetime, int]]:
    """Requests per hour of both streams."""
    streams: dict[str, dict[dt.datetime, int]] = {"conversation": {}, "api": {}}
    with BURSTGPT.open() as file:
        for row in csv.DictReader(file):
            hour = BURSTGPT_START + dt.timedelta(days=int(row["day"]), hours=int(row["hour"]))
            for stream, counts in streams.items():
                counts[hour] = int(row[f"requests_{stream}"])
    return streams


def write_burstgpt(folder: Path) -> None:
    rows = [
        (hour, stream, count, count * 700)
        for stream, counts in burstgpt().items()
        for hour, count in counts.items()
    ]
    hours, streams, counts, tokens = zip(*rows, strict=True)
    table = pa.table(
        {
            "timestamp": pa.array(hours, pa.timestamp("us")),
            "gen_ai.request.model": pa.array(["gpt"] * len(rows)),
            "model_name": pa.array([f"burstgpt-{stream}" for stream in streams]),
            "model_version": pa.array(["v1"] * len(rows)),
            "endpoint": pa.array(streams),
            "request_count": pa.array(counts),
            "gen_ai.usage.input_tokens": pa.array(tokens),
        }
    )
    pq.write_table(table, folder / "burstgpt.parquet")


def write_servegen(folder: Path) -> None:
    for path in sorted(SERVEGEN.glob("servegen_*_hourly.csv")):
        with path.open() as source, (folder / path.name).open("w") as target:
            out = csv.writer(target)
            out.writerow(SERVEGEN_COLUMNS)
            for row in csv.DictReader(source):
                hour = SERVEGEN_START + dt.timedelta(hours=int(row["hour_index"]))
                out.writerow(
                    (
                        hour.isoformat(),
                        *(row["model"], row["model"], "v1", row["category"], row["requests"]),
                        *(row["input_tokens"], row["output_tokens"]),
                    )
                )


def servegen_hours() -> dict[tuple[str, dt.datetime], list[Decimal]]:
    hours: dict[tuple[str, dt.datetime], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 2)
    for path in SERVEGEN.glob("servegen_*_hourly.csv"):
        with path.open() as file:
            for row in csv.DictReader(file):
                key = (row["model"], SERVEGEN_START + dt.timedelta(hours=int(row["hour_index"])))
                tokens = Decimal(row["input_tokens"]) + Decimal(row["output_tokens"])
                hours[key] = [hours[key][0] + Decimal(row["requests"]), hours[key][1] + tokens]
    return hours


def write_azure(inputs: Path) -> None:
    table = pc.read_csv(
        AZURE, convert_options=pc.ConvertOptions(column_types={"TIMESTAMP": pa.string()})
    )
    names = ["timestamp", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"]
    table = table.rename_columns(names)
    for name, value in {
        "gen_ai.request.model": "gpt-4",
        "gen_ai.provider.name": "azure.ai.openai",
        "model_name": "azure-conversation",
        "model_version": "2023-11",
        "endpoint": "chat",
        "team": "research",
    }.items():
        table = table.append_column(name, pa.array([value] * len(table)))
    pc.write_csv(table, inputs / "llm_requests/azure.csv")
    (inputs / "prices").mkdir()
    (inputs / "prices/prices.csv").write_text(
        "effective_from,provider,provider_model,input_per_mtok,output_per_mtok\n"
        "2023-03-14,openai,gpt-4,30,60\n"
    )
    (inputs / "billing/openai.csv").write_text(
        "ProviderName,BillingAccountId,BillingCurrency,BilledCost,EffectiveCost,ListCost,"
        "BillingPeriodStart,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceName,"
        "ChargeDescription\n"
        f"OpenAI,org,USD,{AZURE_BILL_USD},{AZURE_BILL_USD},{AZURE_BILL_USD},"
        "2023-11-01,2023-11-16,2023-11-17,Usage,API,gpt-4 usage\n"
    )


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    root = tmp_path_factory.mktemp("real")
    inputs, home = root / "inputs", root / "home"
    (inputs / "billing").mkdir(parents=True)
    (inputs / "llm_requests").mkdir()
    shutil.copy(FOCUS, inputs / "billing")
    write_burstgpt(inputs / "llm_requests")
    write_servegen(inputs / "llm_requests")
    write_azure(inputs)
    done = subprocess.run(
        [
            Path(sys.executable).with_name("valueops"),
            "refresh",
            *("--inputs", inputs, "--home", home),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (home / "reports/capacity.html").stat().st_size > 100_000
    with duckdb.connect(home / "warehouse.duckdb", read_only=True) as connection:
        yield connection


def focus_rows() -> list[dict[str, str]]:
    with FOCUS.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_focus_row_is_loaded_or_quarantined_with_a_reason(warehouse):
    read, loaded, quarantined = warehouse.execute(
        "select rows_read, rows_loaded, rows_quarantined from ops.load_ledger "
        "where file = 'billing/focus_sample_1000_v1.0.csv'"
    ).fetchone()
    assert read == len(focus_rows()) == 1000
    assert loaded + quarantined == read
    reasons = warehouse.execute(
        "select row_number, column_name, reason from ops.quarantine where source = 'billing'"
    ).fetchall()
    assert len(reasons) == quarantined
    assert all(all(parts) for parts in reasons)


def test_focus_costs_are_exact_to_the_last_digit(warehouse):
    bad = {
        row[0]
        for row in warehouse.execute(
            "select row_number from ops.quarantine where source = 'billing'"
        ).fetchall()
    }
    expected: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for number, row in enumerate(focus_rows(), start=1):
        if number in bad:
            continue
        key = (row["ProviderName"], row["BillingAccountId"], row["BillingPeriodStart"][:10])
        costs = [Decimal(row[name]) for name in ("BilledCost", "EffectiveCost", "ListCost")]
        expected[key] = [a + b for a, b in zip(expected[key], costs, strict=True)]
    found = warehouse.execute(
        "select provider, billing_account_id, cast(billing_period_start as varchar), "
        "sum(billed_cost), sum(effective_cost), sum(list_cost) from marts.fct_model_cost_daily "
        "where billing_account_id <> 'org' group by all"
    ).fetchall()
    assert {row[:3]: list(row[3:]) for row in found} == dict(expected)


def test_burstgpt_becomes_demand_series_hour_by_hour(warehouse):
    for stream, counts in burstgpt().items():
        found = dict(
            warehouse.execute(
                "select ds, requests from marts.fct_gpu_demand_hourly where unique_id like ?",
                [f"burstgpt-{stream}/v1/{stream}/%"],
            ).fetchall()
        )
        busy = {hour: count for hour, count in counts.items() if count}
        assert {hour: count for hour, count in found.items() if count} == busy


def test_servegen_hours_keep_their_requests_and_tokens(warehouse):
    found = {
        (name.split("/")[0], ds): [requests, tokens]
        for name, ds, requests, tokens in warehouse.execute(
            "select unique_id, ds, requests, tokens from marts.fct_gpu_demand_hourly "
            "where requests > 0 and unique_id not like 'accelerator:%' "
            "and (unique_id like 'm%' or unique_id like 'deepseek%')"
        ).fetchall()
    }
    expected = {key: value for key, value in servegen_hours().items() if value[0] > 0}
    assert found == expected
    assert {key[0] for key in found} == {"m-large", "m-small", "deepseek-r1", "mm-image"}


def test_every_series_is_forecast_for_28_days_with_ordered_quantiles(warehouse):
    series, hours, disordered = warehouse.execute(
        "select count(distinct unique_id || measure), count(distinct ds), "
        "count(*) filter (where y_p50 < 0 or y_p50 > y_p80 or y_p80 > y_p90 or y_p90 > y_p95 "
        "or y_p95 > y_p99) from marts.gpu_demand_forecast"
    ).fetchone()
    # 2 BurstGPT, 4 ServeGen, 1 Azure series and their accelerator totals, requests and tokens each
    names = warehouse.execute(
        "select distinct unique_id from marts.fct_gpu_demand_hourly"
    ).fetchall()
    assert series == 2 * len(names)
    assert hours == 28 * 24
    assert disordered == 0
    created = warehouse.execute(
        "select distinct created_at from marts.gpu_demand_forecast"
    ).fetchall()
    assert created == [(END - dt.timedelta(hours=1),)]


def test_azure_requests_become_unit_economics(warehouse):
    requests = tokens_in = tokens_out = 0
    with AZURE.open() as file:
        for row in csv.DictReader(file):
            requests += 1
            tokens_in += int(row["ContextTokens"])
            tokens_out += int(row["GeneratedTokens"])
    found = warehouse.execute(
        "select date_day, accelerator, requests, input_tokens, output_tokens, direct_cost_usd, "
        "cost_per_request_usd, cost_per_mtok_usd from marts.fct_unit_economics_daily "
        "where model_name = 'azure-conversation'"
    ).fetchall()
    assert len(found) == 1
    day, accelerator, *counts, cost, per_request, per_mtok = found[0]
    assert (day, accelerator) == (dt.date(2023, 11, 16), "api")
    assert counts == [requests, tokens_in, tokens_out]
    assert requests == 19_366
    assert cost == AZURE_BILL_USD
    tolerance = Decimal("1e-10")
    assert abs(per_request - AZURE_BILL_USD / requests) < tolerance
    assert abs(per_mtok - AZURE_BILL_USD * 1_000_000 / (tokens_in + tokens_out)) < tolerance


def test_real_tags_are_read_as_what_they_are(warehouse):
    """Some FOCUS rows carry an environment, none a model: tag coverage must say so."""
    environments = Counter(
        json.loads(row["Tags"]).get("environment", "")
        for row in focus_rows()
        if row["Tags"] != "NULL"
    )
    assert environments["dev"] > 0
    found = warehouse.execute(
        "select sum(full_identity_cost_usd), sum(untagged_cost_usd) - sum(cost_usd) "
        "from marts.fct_tag_coverage_daily where provider = 'AWS'"
    ).fetchone()
    assert found == (0, 0)
    assert warehouse.execute(
        "select count(*) > 0 from marts.fct_model_cost_daily where environment = 'dev'"
    ).fetchone() == (True,)
