"""Asset checks of the champions: who failed what. They warn; the forecast falls back by itself."""

from collections.abc import Iterator

import dagster as dg
import pyarrow as pa

from ingestion.kernels import pc

#: Check name to the word for it in `failed_checks`, and what it says of a champion.
_CHECKS = {
    "coverage_in_band": ("coverage", "too few hours lay below the 90 % quantile"),
    "skill_against_seasonal_naive": ("skill", "seasonal naive was clearly better"),
    "drift_of_error": ("drift", "the newest error is far above the usual one"),
}
_SHOWN = 5


def specs(asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    """What is checked of an asset with the columns of `forecast_lake.CHAMPIONS`."""
    return [
        dg.AssetCheckSpec(name, asset=asset, description=f"No champion of whom {what}.")
        for name, (_, what) in _CHECKS.items()
    ]


def results(asset: dg.AssetKey, champions: pa.Table) -> Iterator[dg.AssetCheckResult]:
    """What each check found; a failed one warns.

    Args:
        asset: Whose checks they are.
        champions: `forecast_lake.CHAMPIONS` of the newest forecast.
    """
    for name, (word, what) in _CHECKS.items():
        failed = champions.filter(pc.match_substring(champions["failed_checks"], word))
        series = pc.binary_join_element_wise(failed["unique_id"], failed["measure"], " ")
        shown = series.slice(0, _SHOWN).to_pylist()
        more = f" and {len(failed) - _SHOWN} more" if len(failed) > _SHOWN else ""
        yield dg.AssetCheckResult(
            asset_key=asset,
            check_name=name,
            passed=len(failed) == 0,
            severity=dg.AssetCheckSeverity.WARN,
            description=f"{what}: {', '.join(shown)}{more}" if shown else None,
            metadata={"series": len(champions), "failed": len(failed)},
        )
