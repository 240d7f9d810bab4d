import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines import build_file
from pipelines.home import HomePaths

READ = """
import duckdb, sys
print(duckdb.connect(sys.argv[1], read_only=True).table("marts.money").fetchone()[0])
"""


def write(database: Path, value: int, fingerprint: str = "same") -> None:
    with duckdb.connect(database) as connection:
        connection.execute("create schema marts")
        connection.execute("create schema ops")
        connection.execute("create table marts.money as select ? as value", [value])
        connection.execute(
            "create table ops.build_info as select ? as project_fingerprint", [fingerprint]
        )


def read_elsewhere(database: Path) -> int:
    """What a reader that opens the file now sees: another process shares no open file with us."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(database)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.fixture
def paths(tmp_path: Path) -> HomePaths:
    home = HomePaths.at(tmp_path)
    home.build.parent.mkdir()
    write(home.warehouse, 1)
    return home


def test_publish_replaces_the_file_and_old_readers_read_on(paths: HomePaths) -> None:
    write(paths.build, 2)
    with duckdb.connect(paths.warehouse, read_only=True) as reader:
        assert reader.table("marts.money").fetchone() == (1,)
        rows = build_file.publish(paths)
        assert rows == {"marts.money": 1, "ops.build_info": 1}
        assert reader.table("marts.money").fetchone() == (1,)
        assert read_elsewhere(paths.warehouse) == 2
    assert not paths.build.exists()


def test_a_build_file_that_cannot_be_read_is_not_published(paths: HomePaths) -> None:
    paths.build.write_bytes(b"not a database, and long enough to be looked at" * 400)
    with pytest.raises(duckdb.Error):
        build_file.publish(paths)
    assert read_elsewhere(paths.warehouse) == 1


def test_publish_needs_everything_in_the_file(paths: HomePaths) -> None:
    """What is still in the write-ahead log of the build is in the published file."""
    code = """
import duckdb, os, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("set wal_autocheckpoint = '1GB'")
connection.execute("create schema marts")
connection.execute("create table marts.money as select 3 as value")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", code, str(paths.build)], check=True)
    wal = paths.build.with_name(paths.build.name + ".wal")
    assert wal.exists()
    build_file.publish(paths)
    assert not wal.exists()
    assert read_elsewhere(paths.warehouse) == 3


def test_publish_drops_a_log_that_belongs_to_the_old_file(paths: HomePaths) -> None:
    write(paths.build, 2)
    stale = paths.warehouse.with_name(paths.warehouse.name + ".wal")
    stale.write_bytes(b"left behind")
    build_file.publish(paths)
    assert not stale.exists()
    assert read_elsewhere(paths.warehouse) == 2


def test_begin_continues_the_published_warehouse(paths: HomePaths) -> None:
    paths.build.write_bytes(b"stale")
    wal = paths.build.with_name(paths.build.name + ".wal")
    wal.write_bytes(b"stale")
    build_file.begin(paths, full=False)
    assert paths.build.read_bytes() == paths.warehouse.read_bytes()
    assert not wal.exists()
    build_file.begin(paths, full=True)
    assert not paths.build.exists()


def test_begin_leaves_a_file_that_a_killed_refresh_still_holds_open(paths: HomePaths) -> None:
    paths.build.write_bytes(b"held")
    with paths.build.open("rb") as held:
        build_file.begin(paths, full=False)
        assert held.read() == b"held"
        assert paths.build.stat().st_ino != paths.warehouse.stat().st_ino


def test_reasons_to_build_everything(paths: HomePaths, tmp_path: Path) -> None:
    assert build_file.reason_for_full(paths, "same") is None
    assert "changed" in (build_file.reason_for_full(paths, "other") or "")
    assert "no published" in (build_file.reason_for_full(HomePaths.at(tmp_path / "x"), "s") or "")
    paths.warehouse.write_bytes(b"broken" * 4096)
    assert "cannot be read" in (build_file.reason_for_full(paths, "same") or "")
