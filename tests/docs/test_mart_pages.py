"""A page per mart: its columns are the model's, its queries run, and the sample company adds up."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml
from dbt_runs import PROJECT, DbtHome
from empty_lake import nothing_forecast
from pages import INPUT_PAGES, MART_PAGES, Block, Page, blocks, pages, table_rows

from ingestion import SYSTEMS
from ingestion.load import load_system, write_frames

MARTS = {
    model["name"]: model
    for path in sorted((PROJECT / "models/marts").rglob("*.yml"))
    for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
}
QUERIES = [block for page in pages(MART_PAGES) for block in page.blocks if block.language == "sql"]


def test_every_mart_has_a_page_and_every_page_a_mart():
    models = {path.stem for path in (PROJECT / "models/marts").rglob("*.sql")}
    assert {page.path.stem for page in pages(MART_PAGES)} - {"README"} == models
    assert set(MARTS) == models


@pytest.mark.parametrize("mart", sorted(MARTS))
def test_a_page_has_the_columns_of_its_model(mart):
    section = Page(MART_PAGES / f"{mart}.md").prose.split("## Columns")[1].split("## Rules")[0]
    shown = [row[:2] for row in table_rows(section, width=3)]
    assert shown == [[c["name"], c["data_type"]] for c in MARTS[mart]["columns"]]


@pytest.mark.parametrize("mart", sorted(MARTS))
def test_a_page_names_the_grain_that_dbt_tests(mart):
    text = Page(MART_PAGES / f"{mart}.md").prose.split("**Grain**:")[1].split("\n\n")[0]
    (grain,) = (
        test["unique_grain"]["arguments"]["columns"]
        for test in MARTS[mart]["data_tests"]
        if "unique_grain" in test
    )
    named = text.split(". ")[0]
    assert [part.strip(" `.\n") for part in named.split(",")] == grain


def test_the_index_lists_every_mart():
    links = Page(MART_PAGES / "README.md").links
    assert {f"{mart}.md" for mart in MARTS} <= set(links)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of the samples on the input pages; nothing is forecast."""
    dbt = DbtHome(tmp_path_factory.mktemp("samples"))
    for sample in blocks(INPUT_PAGES, "title"):
        path = dbt.home / "inputs" / sample.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sample.text, encoding="utf-8")
    for system in SYSTEMS:
        load_system(system, dbt.home / "inputs", dbt.home)
    write_frames(nothing_forecast(), dbt.home, "forecasts")
    results = dbt.run("build", "--exclude-resource-type", "unit_test")
    failed = [f"{r.name}: {r.message}" for r in results if r.status not in ("success", "pass")]
    assert not failed, "\n".join(failed)
    return dbt.build


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.page.stem)
def test_an_example_query_runs(warehouse, query: Block):
    with duckdb.connect(warehouse, read_only=True) as connection:
        connection.sql(query.text).fetchall()
    if query.page.stem != "README":
        assert f"marts.{query.page.stem}" in query.text


def answers(warehouse: Path, sql: str) -> list[tuple]:
    with duckdb.connect(warehouse, read_only=True) as connection:
        return connection.sql(sql).fetchall()


def test_the_gpu_machine_is_divided_as_the_page_says(warehouse):
    """144 USD over 48 GPU-hours: v2 held 24, v1 12 below 0.15, nobody 12."""
    placed = answers(
        warehouse,
        """select allocation_method, model_name, model_version, sum(effective_cost_usd)
        from marts.fct_model_cost_daily where allocation_method in ('gpu_time', 'idle')
        group by all order by all""",
    )
    assert placed == [
        ("gpu_time", "chat-assistant", "v1", Decimal(36)),
        ("gpu_time", "chat-assistant", "v2", Decimal(72)),
        ("idle", "unattributed", "unattributed", Decimal(36)),
    ]
    idle = answers(
        warehouse,
        """select model_version, sum(gpu_hours), round(sum(idle_cost_usd), 6)
        from marts.fct_gpu_utilization_hourly where idle_cost_usd > 0 group by all order by all""",
    )
    assert idle == [("unattributed", 12.0, Decimal(36)), ("v1", 12.0, Decimal(36))]
    (total,) = answers(warehouse, "select sum(cost_usd) from marts.fct_gpu_utilization_hourly")
    assert total == (Decimal(144),)


def test_every_step_of_the_waterfall_is_in_the_sample(warehouse):
    """Worked by hand from billing.md: 12 and 4.20 EUR direct, 5.25 of OpenAI, 6 shared."""
    placed = answers(
        warehouse,
        """select allocation_method, sum(effective_cost_usd) from marts.fct_model_cost_daily
        group by all order by all""",
    )
    assert placed == [
        ("direct", Decimal("16.88628")),
        ("gpu_time", Decimal(108)),
        ("idle", Decimal(36)),
        ("shared", Decimal(6)),
        ("token_share", Decimal("5.25")),
        ("unattributed", Decimal("-1.90")),
    ]


def test_value_is_what_the_page_says(warehouse):
    """1 June: 13500 - 9000 x 1.25 = 2250; 2 June: 13875 - 9100 x 1300 / 1010 = 2162.128713."""
    (value,) = answers(
        warehouse,
        """select value_usd from marts.fct_model_value_monthly
        where model_name = 'chat-assistant' and model_version = 'v2'""",
    )
    assert value == (Decimal("4412.128713"),)


def test_the_job_waited_as_the_page_says(warehouse):
    """Job 4102 waited from 13:00 to 16:00; the second GPU was free from noon."""
    (queue,) = answers(
        warehouse,
        """select accelerator, wait_p50_s, idle_while_queued_gpu_hours
        from marts.fct_gpu_queue_daily where team = 'assistant' and jobs > 0""",
    )
    # and the array that was pending from 22:00 until the newest time of its export, 22:00
    assert queue == ("NVIDIA-H100-80GB-HBM3", 10800.0, 3.0)
