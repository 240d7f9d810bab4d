"""`valueops plan` on a warehouse whose best plan is known."""

import io
from pathlib import Path

import duckdb
import pytest

from pipelines.capacity.command import PlanRequest, plan
from pipelines.errors import UserError
from pipelines.query import WarehouseUnreadableError

# H100 serves 1 to 24 GPUs every day, at 1.00 reserved and 2.50 on demand; 15 are to be reserved.
WORLD = """
create schema marts; create schema ops; create schema intermediate;
create table marts.gpu_demand_forecast as
select 'accelerator:H100' as unique_id, 'gpus' as measure, 'm' as model, ds,
    timestamp '2026-05-31 23:00:00' as created_at,
    hour(ds) + 1.0::double as y_p50, y_p50 as y_p80, y_p50 as y_p90, y_p50 as y_p95, y_p50 as y_p99
from (select unnest(generate_series(
    timestamp '2026-06-01', timestamp '2026-06-28 23:00:00', interval 1 hour)) as ds);
create table intermediate.int_capacity__hours as
select 'H100' as accelerator, ds, hour(ds) + 1.0::double as serving_gpus,
    null::double as training_gpus, 20.0::double as allocated_gpus
from (select unnest(generate_series(
    timestamp '2026-04-01', timestamp '2026-05-31 23:00:00', interval 1 hour)) as ds);
create table intermediate.int_capacity__prices as
select 'H100' as accelerator, 'aws' as provider, 2.5::decimal(38, 12) as on_demand_per_hour,
    1::decimal(38, 12) as reserved_1y_per_hour, null::decimal(38, 12) as spot_per_hour,
    null::double as spot_interruptions_per_hour;
create table intermediate.int_capacity__fleet as
select 'H100' as accelerator, 20.0::double as today_gpus, 2::decimal(38, 12) as today_hourly_usd,
    1.5::double as service_s;
create table intermediate.int_capacity__throughputs as
select null::varchar as model_name, 'H100' as accelerator, 1000.0::double as tokens_per_second;
create table intermediate.int_capacity__rules as
select 0.99::double as service_level, 0.01::double as spot_serving_risk,
    10.0::double as spot_restart_minutes, 30.0::double as spot_lost_minutes;
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "warehouse.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(WORLD)
    return path


def told(warehouse: Path, request: PlanRequest) -> str:
    out = io.StringIO()
    plan(warehouse, request, out)
    return out.getvalue()


def test_the_plan(warehouse: Path) -> None:
    month = next(line for line in told(warehouse, PlanRequest()).splitlines() if "month" in line)
    # 15 x 672 + 45 x 28 x 2.50; 20 GPUs at 2.00 and 10 GPU-hours a day lacking at 2.50 before.
    for figure in ("15", "13,230 USD", f"{20 * 2 * 672 + 700 - 13230:,} USD", "within horizon"):
        assert figure in month, figure


def test_what_if(warehouse: Path) -> None:
    text = told(warehouse, PlanRequest(traffic="+50%"))
    month = next(line for line in text.splitlines() if "month" in line)
    assert text.startswith("What if: traffic x 1.5")
    assert " 15 " in month and " 23 " in month and "+6,776 USD" in month
    waiting = told(warehouse, PlanRequest(wait_s=0.0))
    assert "95 % of requests wait at most 0 s" in waiting


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (PlanRequest(accelerator="b200"), "no accelerator is called b200; there are H100"),
        (PlanRequest(traffic="a lot"), "traffic is a change"),
        (PlanRequest(move=("chat=H100",)), "no forecast of chat"),
    ],
)
def test_what_cannot_be_asked(warehouse: Path, request_: PlanRequest, message: str) -> None:
    with pytest.raises(UserError, match=message):
        told(warehouse, request_)


def test_no_warehouse_and_no_plan(tmp_path: Path) -> None:
    with pytest.raises(WarehouseUnreadableError):
        told(tmp_path / "none.duckdb", PlanRequest())
    with duckdb.connect(tmp_path / "old.duckdb") as connection:
        connection.execute("create schema marts; create schema ops")
    with pytest.raises(UserError, match="refresh it first"):
        told(tmp_path / "old.duckdb", PlanRequest())
