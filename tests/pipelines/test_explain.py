"""`valueops explain`: from a verdict to the rows behind it."""

import json

import pytest
from contract_marts import create_marts
from valueops_command import valueops


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A published warehouse with two versions of one model."""
    home = tmp_path_factory.mktemp("home")
    with create_marts(home / "warehouse.duckdb") as connection:
        connection.execute("""
            create table intermediate.int_cost__parts (
                charge_id varchar, provider varchar, service_name varchar, resource_id varchar,
                allocation_method varchar, date_day date, model_name varchar, model_version varchar,
                effective_cost_usd decimal(38, 12)
            )
        """)
        connection.execute("""
            insert into intermediate.int_cost__parts values
                ('billing/may.csv#7', 'AWS', 'EC2', 'i-1', 'gpu_time', '2026-05-01', 'chat', 'v2', 70.5),
                ('billing/may.csv#9', 'AWS', 'EC2', 'i-1', 'gpu_time', '2026-05-01', 'chat', 'v1', 1)
        """)  # noqa: E501
        connection.execute("""
            insert into marts.dim_model_version by name
            select 'chat' as model_name, 'v1' as model_version, false as is_zombie
            union all by name
            select 'chat' as model_name, 'v2' as model_version, false as is_zombie
            union all by name
            select 'ranker' as model_name, 'v1' as model_version, false as is_zombie
        """)
        connection.execute("""
            insert into marts.fct_model_verdicts by name
            select
                'chat' as model_name, 'v2' as model_version, 'optimize' as verdict,
                1234567.891234567891 as monthly_cost_usd, 'go back to v1' as next_step
        """)
        connection.execute("""
            insert into marts.fct_verdict_reasons by name
            select
                'chat' as model_name, 'v2' as model_version, 'drift' as rule, 'optimize' as verdict,
                'fell [from] 90' as reason, 3 as dollars_at_stake
            union all by name
            select
                'chat' as model_name, 'v2' as model_version, 'measured' as rule,
                'justify' as verdict, 'worth it' as reason, 0 as dollars_at_stake
        """)
        connection.execute("""
            insert into marts.fct_version_changes by name
            select 'chat' as model_name, 'v1' as from_version, 'v2' as to_version
        """)
    return home


def explain(home, *arguments):
    return valueops("explain", "--home", home, *arguments)


def test_the_walk_goes_from_the_verdict_to_the_charges(home):
    done = explain(home, "--model", "Chat", "--version", "V2")
    assert done.returncode == 0, done.stderr
    told = done.stdout
    order = ["chat v2", "1,234,567.89", "drift", "justify", "billing/may.csv", "from_version"]
    places = [told.index(text) for text in order]
    assert places == sorted(places)
    # a reason's brackets are no markup; a version's own rows only; a mart without rows is not shown
    assert "fell [from] 90" in told
    assert "fct_drift_cost_weekly" not in told


def test_json_keeps_every_digit_and_every_section(home):
    done = explain(home, "--model", "chat", "--version", "v2", "--format", "json")
    (answer,) = json.loads(done.stdout)
    assert answer["verdict"][0]["monthly_cost_usd"] == "1234567.891234567891"
    assert answer["charges"] == [
        {
            "resource_id": "i-1",
            "service_name": "EC2",
            "allocation_method": "gpu_time",
            "file": "billing/may.csv",
            "row_count": 1,
            "first_row": 7,
            "last_row": 7,
            "first_day": "2026-05-01",
            "last_day": "2026-05-01",
            "effective_cost_usd": "70.500000000000",
        }
    ]
    assert answer["drift"] == []


def test_without_a_version_all_are_told(home):
    done = explain(home, "--model", "chat", "--format", "json")
    assert [answer["model_version"] for answer in json.loads(done.stdout)] == ["v1", "v2"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--model", "chatt"), "there is no model chatt; the nearest: chat"),
        (("--model", "chat", "--version", "v3"), "chat has no version v3; the nearest: v2, v1"),
        (("--model", "chat", "--format", "csv"), "--format is table or json, not csv"),
    ],
)
def test_what_cannot_be_explained_is_one_line(home, arguments, message):
    done = explain(home, *arguments)
    assert done.returncode == 1
    assert done.stderr.strip().startswith(f"valueops: {message}")
    assert done.stdout == ""
