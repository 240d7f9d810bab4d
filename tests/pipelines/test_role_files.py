"""Each role's file holds its teams' rows, and no trace of anybody else's."""

import os
import stat
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from contract_marts import create_marts, mart_contracts
from planted_roles import ROLES, TEAMS, Planted
from valueops_command import valueops

from pipelines.duck import open_read_only
from pipelines.errors import UserError
from pipelines.home import HomePaths
from pipelines.roles import files as role_files
from pipelines.roles import rows as role_rows
from pipelines.roles.files import write_role_files

OURS = "head-of-support"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return Planted(tmp_path_factory.mktemp("home") / "warehouse.duckdb")


@pytest.fixture(scope="module")
def written(planted: Planted) -> dict[str, Path]:
    # Every page of the warehouse has been in memory when the parts are written.
    with open_read_only(planted.warehouse) as reader:
        for table in mart_contracts():
            reader.table(f"marts.{table}").fetchall()
        return write_role_files(HomePaths.at(planted.warehouse.parent))


def texts(file: Path) -> set[str]:
    """Every text in every table of a file."""
    with duckdb.connect(file, read_only=True) as reader:
        columns = reader.execute(
            """select schema_name, table_name, column_name from duckdb_columns()
            where data_type = 'VARCHAR' and not internal"""
        ).fetchall()
        assert columns
        return {
            text
            for schema, table, column in columns
            for (text,) in reader.table(f"{schema}.{table}").select(column).distinct().fetchall()
        }


def of_others(role: str) -> set[str]:
    return {*TEAMS, "nobody"} - set(ROLES[role])


@pytest.mark.parametrize("role", ROLES, ids=range(len(ROLES)))
def test_no_row_of_another_team_is_in_a_role_s_file(planted: Planted, written, role: str) -> None:
    found = texts(written[role])
    assert {planted.marks[key] for key in ROLES[role]} <= found
    assert found.isdisjoint(planted.marks[key] for key in of_others(role))
    assert found & set(TEAMS.values()) == {TEAMS[key] for key in ROLES[role]}
    assert found & set(ROLES) == {role}
    assert found.isdisjoint({"both", "half known"} - _shared_that_it_pays_for(role))


def _shared_that_it_pays_for(role: str) -> set[str]:
    both = {"plain", "statement"} & set(ROLES[role])
    return ({"both"} if both else set()) | ({"half known"} if "plain" in ROLES[role] else set())


@pytest.mark.parametrize("role", ROLES, ids=range(len(ROLES)))
def test_no_byte_of_another_team_is_in_a_role_s_file(planted: Planted, written, role: str) -> None:
    content = written[role].read_bytes()
    assert any(planted.marks[key].encode() in content for key in ROLES[role])
    for key in of_others(role):
        assert planted.marks[key].encode() not in content
        assert planted.marks[key][5:].encode() not in content


def test_a_role_s_money_is_its_teams_money(planted: Planted, written) -> None:
    """Counted a second way: the planted list, 7 USD a row."""
    for role, keys in ROLES.items():
        shared = keys.count("plain") * 2 + keys.count("statement")
        rows = 2 * len(keys) + shared
        with duckdb.connect(written[role], read_only=True) as reader:
            money = reader.sql("select sum(effective_cost_usd) from marts.fct_model_cost_daily")
            assert money.fetchall() == [(Decimal(7 * rows),)]
            owned = reader.sql("select sum(loaded_cost_usd) from marts.fct_unit_economics_daily")
            assert owned.fetchall() == [(Decimal(7 * len(keys)),)]


def test_budgets_are_those_of_the_role(planted: Planted, written) -> None:
    with duckdb.connect(written[OURS], read_only=True) as reader:
        rows = reader.sql("select role, team from marts.fct_budget_status order by all").fetchall()
    teams = [TEAMS["plain"], TEAMS["quote"], "unattributed"]
    assert rows == [(OURS, team) for team in sorted(teams)]


def test_every_mart_of_teams_is_in_the_files() -> None:
    of_teams = {
        name
        for name, columns in mart_contracts().items()
        if "team" in {column["name"] for column in columns}
    }
    listed = {
        *role_rows.BY_TEAM,
        *role_rows.BY_ROLE_AND_TEAM,
        *role_rows.BY_MODEL,
        *role_rows.BY_MODEL_NOT_BUDGET,
    }
    assert of_teams <= listed
    assert listed <= set(mart_contracts())


def test_names_lead_nowhere_else(planted: Planted, written) -> None:
    folder = planted.warehouse.parent / "roles"
    assert {file.parent for file in written.values()} == {folder}
    assert sorted(folder.iterdir()) == sorted(written.values())
    assert len({file.name.casefold() for file in written.values()}) == len(ROLES)


def test_permissions_guard_the_files(planted: Planted, written) -> None:
    folder = planted.warehouse.parent / "roles"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o711
    assert {stat.S_IMODE(file.stat().st_mode) for file in written.values()} == {0o440}


@pytest.fixture
def home(tmp_path: Path) -> HomePaths:
    with create_marts(tmp_path / "warehouse.duckdb") as connection:
        connection.execute("create table ops.build_info as select 1 as one")
        connection.execute("insert into marts.dim_role values ('one', 'a'), ('two', 'b')")
    return HomePaths.at(tmp_path)


def test_a_role_that_is_gone_loses_its_file(home: HomePaths) -> None:
    write_role_files(home)
    (home.roles / "README.txt").write_text("not ours")
    with duckdb.connect(home.warehouse) as connection:
        connection.execute("delete from marts.dim_role where role = 'two'")
    write_role_files(home)
    assert {file.name for file in home.roles.iterdir()} == {"README.txt", "one.duckdb"}


def test_a_reader_keeps_what_it_has_open_and_the_group_stays(
    home: HomePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_role_files(home)
    given: list[int] = []
    monkeypatch.setattr(os, "chown", lambda path, uid, gid: given.append(gid))
    with (home.roles / "one.duckdb").open("rb") as reader:
        before = os.fstat(reader.fileno())
        write_role_files(home)
        assert (home.roles / "one.duckdb").stat().st_ino != before.st_ino
        assert reader.read(16) == (home.roles / "one.duckdb").read_bytes()[:16]
    assert given == [before.st_gid, before.st_gid]


def test_without_its_group_a_file_is_its_owner_s_alone(
    home: HomePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("not a member")

    write_role_files(home)
    monkeypatch.setattr(os, "chown", refuse)
    write_role_files(home)
    assert stat.S_IMODE((home.roles / "one.duckdb").stat().st_mode) == 0o400


def test_a_failure_half_way_leaves_whole_files_and_no_rest(
    home: HomePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {file.name: file.read_bytes() for file in write_role_files(home).values()}
    whole = role_files.role_rows

    def broken(warehouse: duckdb.DuckDBPyConnection, role: str):
        yield from list(whole(warehouse, role))[:5]
        raise OSError("no space left on device")

    monkeypatch.setattr(role_files, "role_rows", broken)
    with pytest.raises(OSError, match="no space"):
        write_role_files(home)
    assert {file.name: file.read_bytes() for file in home.roles.iterdir()} == before


def test_a_warehouse_of_an_older_version_is_one_line(home: HomePaths) -> None:
    with duckdb.connect(home.warehouse) as connection:
        connection.execute("drop table marts.dim_role")
    with pytest.raises(UserError, match="refresh it first"):
        write_role_files(home)


def test_rests_of_a_killed_run_go_away(home: HomePaths) -> None:
    (home.roles / ".unfinished-abc").mkdir(parents=True)
    (home.roles / ".unfinished-abc" / "one.duckdb").write_bytes(b"half")
    write_role_files(home)
    assert {file.name for file in home.roles.iterdir()} == {"one.duckdb", "two.duckdb"}


def test_sql_and_budgets_read_the_role_s_part(planted: Planted, written) -> None:
    home = planted.warehouse.parent
    asked = valueops(
        "sql", "--home", home, "--role", "Head-of-Support", "from dim_team", "--format", "csv"
    )
    assert asked.returncode == 0, asked.stderr
    assert planted.marks["plain"] not in asked.stdout  # dim_team has no text but the team
    assert TEAMS["plain"] in asked.stdout and TEAMS["unowned"] not in asked.stdout
    told = valueops("budgets", "--home", home, "--role", OURS, "--format", "json", "--past")
    assert told.stdout.count('"role"') == told.stdout.count(f'"{OURS}"') == 3


def test_a_role_without_a_file_is_one_line(planted: Planted, written) -> None:
    done = valueops("budgets", "--home", planted.warehouse.parent, "--role", "head-of-suport")
    assert done.returncode == 1
    assert done.stdout == "" and done.stderr.count("\n") == 1
    assert "head-of-support" in done.stderr
