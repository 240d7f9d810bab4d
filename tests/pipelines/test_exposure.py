"""Who can read the whole money has no need of a role's file."""

from pathlib import Path

import pytest

from pipelines.exposure import open_to_all, role_line
from pipelines.home import HomePaths


@pytest.fixture
def paths(tmp_path: Path) -> HomePaths:
    home = HomePaths.at(tmp_path)
    home.root.chmod(0o711)
    home.create()
    home.roles.mkdir()
    for folder in (home.build.parent, home.reports, home.dagster, home.logs):
        folder.chmod(0o750)
    home.warehouse.write_bytes(b"")
    home.warehouse.chmod(0o640)
    return home


def test_without_role_files_nothing_is_said(paths: HomePaths) -> None:
    paths.warehouse.chmod(0o644)
    assert role_line(paths) is None


def test_a_closed_house_is_only_counted(paths: HomePaths) -> None:
    (paths.roles / "one.duckdb").write_bytes(b"")
    assert role_line(paths) == "roles       1 role file"


def test_what_is_open_is_named(paths: HomePaths) -> None:
    (paths.roles / "one.duckdb").write_bytes(b"")
    paths.warehouse.chmod(0o644)
    paths.logs.chmod(0o755)
    assert open_to_all(paths) == [paths.warehouse, paths.logs]
    assert "everybody can read warehouse.duckdb, logs" in (role_line(paths) or "")


def test_a_folder_that_nobody_passes_hides_all_below(paths: HomePaths) -> None:
    paths.warehouse.chmod(0o644)
    paths.root.chmod(0o700)
    assert open_to_all(paths) == []
