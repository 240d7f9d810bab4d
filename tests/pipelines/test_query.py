import io
import json
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import UserError
from pipelines.query import Format, run_query

EXACT = "12345678901234567890.123456789012"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("query") / "warehouse.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create schema marts")
        connection.execute("create schema ops")
        connection.execute(
            "create table marts.money as select * from (values "
            f"('chat', {EXACT}::decimal(38,12), timestamp '2025-03-01 10:00', true, 0.5::double),"
            "('a, \"b\"', 0.000000000001::decimal(38,12), null, false, 'nan'::double)"
            ") as t(model_name, usd, seen_at, is_new, ratio)"
        )
        connection.execute("create table ops.quarantine as select 'billing' as source")
    return path


def ask(warehouse: Path, query: str, style: Format) -> str:
    out = io.StringIO()
    run_query(warehouse, query, style, out)
    return out.getvalue()


def test_csv_keeps_every_digit(warehouse: Path) -> None:
    assert ask(warehouse, "from money order by usd desc", Format.CSV).splitlines() == [
        "model_name,usd,seen_at,is_new,ratio",
        f"chat,{EXACT},2025-03-01 10:00:00,true,0.5",
        '"a, ""b""",0.000000000001,,false,nan',
    ]


def test_json_keeps_every_digit_as_text(warehouse: Path) -> None:
    first, second = json.loads(ask(warehouse, "from money order by usd desc", Format.JSON))
    assert first == {
        "model_name": "chat",
        "usd": EXACT,
        "seen_at": "2025-03-01 10:00:00",
        "is_new": True,
        "ratio": 0.5,
    }
    assert second["usd"] == "0.000000000001"
    assert second["seen_at"] is None and second["ratio"] is None


def test_json_of_nothing_is_an_empty_list(warehouse: Path) -> None:
    assert json.loads(ask(warehouse, "from money where false", Format.JSON)) == []


def test_table_shows_all_columns_in_a_pipe(warehouse: Path) -> None:
    wide = ask(warehouse, "select repeat('x', 300) as a, 'end' as b", Format.TABLE)
    assert "x" * 300 + "  end" in wide
    assert wide.endswith("(1 row)\n")


def test_names_are_found_in_marts_and_ops(warehouse: Path) -> None:
    assert ask(warehouse, "from quarantine", Format.CSV) == "source\nbilling\n"


@pytest.mark.parametrize(
    "query",
    [
        "create table x as select 1",
        "create temp table x as select 1",
        "insert into money select * from money",
        "copy money to 'stolen.csv'",
        "explain analyze copy money to 'stolen.csv'",
        "attach 'other.duckdb' as other",
        "select 1; select 2",
        "set search_path = 'ops'",
        "",
        "selec 1",
        "from no_such_table",
    ],
)
def test_what_is_not_one_select_is_one_line(
    warehouse: Path, query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError) as refused:
        ask(warehouse, query, Format.CSV)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_no_warehouse(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="valueops refresh"):
        ask(tmp_path / "none.duckdb", "select 1", Format.CSV)
    (tmp_path / "bad.duckdb").write_bytes(b"no database" * 1000)
    with pytest.raises(UserError, match="cannot be read"):
        ask(tmp_path / "bad.duckdb", "select 1", Format.CSV)
