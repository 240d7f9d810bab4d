"""A champion in doubt warns by name; champions without fault pass."""

import dagster as dg
import pyarrow as pa

from pipelines.forecasting.checks import results, specs
from pipelines.forecasting.lake import CHAMPIONS

KEY = dg.AssetKey(["lake", "demand_champions"])


def champions(failed: list[str]) -> pa.Table:
    rows = [
        {"unique_id": f"s{number}", "measure": "gpus", "failed_checks": checks}
        for number, checks in enumerate(failed)
    ]
    return pa.Table.from_pylist(rows, schema=CHAMPIONS)


def found(failed: list[str]) -> dict[str, tuple[bool, str | None]]:
    return {r.check_name: (r.passed, r.description) for r in results(KEY, champions(failed))}


def test_every_check_has_its_spec():
    assert [spec.name for spec in specs(KEY)] == list(found([]))


def test_no_champion_in_doubt_passes():
    assert set(found(["", ""]).values()) == {(True, None)}
    assert set(found([]).values()) == {(True, None)}


def test_who_failed_is_named():
    answers = found(["", "coverage", "coverage, drift", *["skill"] * 7])
    passed, said = answers["coverage_in_band"]
    assert not passed and said.endswith(": s1 gpus, s2 gpus")
    assert answers["drift_of_error"][1].endswith(": s2 gpus")
    assert answers["skill_against_seasonal_naive"][1].endswith("s7 gpus and 2 more")


def test_a_check_warns_and_does_not_block():
    assert {r.severity for r in results(KEY, champions(["skill"]))} == {dg.AssetCheckSeverity.WARN}
