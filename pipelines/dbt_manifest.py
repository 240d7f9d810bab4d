"""The dbt project as Dagster sees it: parsed when its files are newer than the manifest."""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from dagster_dbt import DbtProject

from pipelines import fingerprint

# Of this environment, whatever PATH says.
DBT_EXECUTABLE = str(Path(sys.executable).with_name("dbt"))
# Changes of these need a new manifest.
_PROJECT_FILES = ("*.sql", "*.yml", "*.yaml", "*.csv", "*.md")


def prepared_project(project_dir: Path) -> DbtProject:
    """The project with a manifest that is not older than its files.

    Args:
        project_dir: The folder of dbt_project.yml and profiles.yml.

    Raises:
        RuntimeError: dbt cannot parse the project; the message is dbt's.
    """
    project = DbtProject(project_dir)
    target = project.manifest_path.parent
    target.mkdir(parents=True, exist_ok=True)
    with (target / ".parse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_stale(project.manifest_path, project_dir):
            _parse(project_dir)
    return project


def is_stale(manifest: Path, project_dir: Path) -> bool:
    """Whether any file of the project is newer than the manifest, or there is none.

    Files that were removed show in the newer time of their folder.
    """
    if not manifest.exists():
        return True
    parsed_ns = manifest.stat().st_mtime_ns
    return any(path.stat().st_mtime_ns > parsed_ns for path in _sources(project_dir))


def project_vars(project_dir: Path, **more: str | None) -> dict[str, Any]:
    """The dbt vars of a refresh: the project's fingerprint and whatever else is set.

    Args:
        project_dir: The dbt project.
        more: Other vars; those that are None are left to the project's own value.
    """
    given = {name: value for name, value in more.items() if value is not None}
    return {"project_fingerprint": fingerprint.of_dbt_project(project_dir)} | given


def _sources(project_dir: Path) -> list[Path]:
    folders = [project_dir / name for name in ("models", "macros", "seeds", "tests")]
    found = [project_dir / "dbt_project.yml", project_dir / "profiles.yml"]
    for folder in folders:
        if folder.exists():
            found += [folder, *(path for path in folder.rglob("*") if path.is_dir())]
            found += [path for pattern in _PROJECT_FILES for path in folder.rglob(pattern)]
    return found


def _parse(project_dir: Path) -> None:
    command = [DBT_EXECUTABLE, "--no-use-colors", "parse"]
    command += ["--project-dir", project_dir, "--profiles-dir", project_dir]
    command += ["--target-path", project_dir / "target", "--log-path", project_dir / "logs"]
    command += ["--vars", json.dumps(project_vars(project_dir))]
    quiet = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}
    done = subprocess.run(
        command,
        cwd=project_dir,
        env=os.environ | quiet,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"dbt cannot parse {project_dir}:\n{done.stdout}{done.stderr}")
