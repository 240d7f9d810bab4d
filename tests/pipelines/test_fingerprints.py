import os
from pathlib import Path

import pyarrow as pa

from pipelines import dbt_manifest, fingerprint


def project(root: Path) -> Path:
    (root / "models" / "marts").mkdir(parents=True)
    (root / "models" / "marts" / "a.sql").write_text("select 1")
    (root / "dbt_project.yml").write_text("name: x")
    (root / "profiles.yml").write_text("x: {}")
    return root


def test_every_part_of_the_project_counts(tmp_path: Path) -> None:
    root = project(tmp_path)
    seen = {fingerprint.of_dbt_project(root)}
    for path, text in (
        ("models/marts/a.sql", "select 2"),
        ("models/marts/b.sql", "select 2"),
        ("macros/m.sql", "x"),
        ("seeds/s.csv", "a"),
        ("tests/t.sql", "select 1"),
        ("dbt_project.yml", "name: y"),
    ):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
        seen.add(fingerprint.of_dbt_project(root))
    assert len(seen) == 7


def test_a_moved_model_counts_and_what_dbt_writes_does_not(tmp_path: Path) -> None:
    root = project(tmp_path)
    before = fingerprint.of_dbt_project(root)
    (root / "target").mkdir()
    (root / "target" / "manifest.json").write_text("{}")
    (root / "models" / ".hidden").write_text("x")
    assert fingerprint.of_dbt_project(root) == before
    (root / "models" / "marts" / "a.sql").rename(root / "models" / "a.sql")
    assert fingerprint.of_dbt_project(root) != before


def test_tables_are_alike_whatever_their_chunks() -> None:
    whole = pa.table({"a": [1, 2, 3]})
    chunks = pa.concat_tables([whole.slice(0, 1), whole.slice(1)])
    assert fingerprint.of_table(whole) == fingerprint.of_table(chunks)
    assert fingerprint.of_table(whole) != fingerprint.of_table(whole.slice(1))
    assert fingerprint.of_table(whole) != fingerprint.of_table(whole.rename_columns(["b"]))
    assert fingerprint.of_table(whole.slice(1)) == fingerprint.of_table(pa.table({"a": [2, 3]}))


def test_a_manifest_is_stale_when_anything_is_newer(tmp_path: Path) -> None:
    root = project(tmp_path)
    manifest = root / "target" / "manifest.json"
    assert dbt_manifest.is_stale(manifest, root)
    manifest.parent.mkdir()
    manifest.write_text("{}")
    late = manifest.stat().st_mtime_ns + 10**9
    os.utime(manifest, ns=(late, late))
    assert not dbt_manifest.is_stale(manifest, root)
    os.utime(root / "models" / "marts" / "a.sql", ns=(late + 1, late + 1))
    assert dbt_manifest.is_stale(manifest, root)
    os.utime(root / "models" / "marts" / "a.sql", ns=(late - 1, late - 1))
    # A removed file shows in the time of its folder.
    os.utime(root / "models" / "marts", ns=(late + 1, late + 1))
    assert dbt_manifest.is_stale(manifest, root)


def test_vars_that_are_not_set_are_left_to_the_project(tmp_path: Path) -> None:
    root = project(tmp_path)
    print_of_project = fingerprint.of_dbt_project(root)
    assert dbt_manifest.project_vars(root, rebuild_from=None) == {
        "project_fingerprint": print_of_project
    }
    assert dbt_manifest.project_vars(root, rebuild_from="2025-03-01") == {
        "project_fingerprint": print_of_project,
        "rebuild_from": "2025-03-01",
    }
