"""Is a ratio more than luck? Draw the series and the cutoffs again and look how far it moves."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.forecasts.scores import FIGURES
from forecasts.frames import FloatArray

REPLICATES = 2000
_SEED = 20240229
_INTERVAL = (0.025, 0.975)


@dataclass(frozen=True)
class Ratio:
    """One model's figure over another's.

    Attributes:
        value: Geometric mean over the families.
        low: 2.5 % quantile of the bootstrap.
        high: 97.5 % quantile.
        better: Share of replicates below 1.
    """

    value: float
    low: float
    high: float
    better: float


def ratio(
    scores: pd.DataFrame, figure: str, model: str, reference: str, replicates: int = REPLICATES
) -> Ratio:
    """Compare two models on the same series and cutoffs.

    Both are drawn again together: series and cutoffs of each family, independently of each other
    (the pigeonhole bootstrap, Owen 2007), since errors at one cutoff go together across series and
    those of one series across cutoffs. A family of one series is drawn by its cutoffs only.

    Args:
        scores: Rows of `scores.score`.
        figure: One of `FIGURES`.
        model: The one above the line.
        reference: The one below.
        replicates: Draws of the bootstrap.

    Returns:
        The ratio; NaN where the reference is perfect or nothing is comparable.
    """
    generator = np.random.default_rng(_SEED)
    values: list[float] = []
    draws: list[FloatArray] = []
    for _, family in scores.groupby("family", sort=True):
        above, below, base = _tables(family, figure, model, reference)
        ones = np.ones((1, above.shape[0])), np.ones((1, above.shape[1]))
        values.append(_logs(above, below, base, *ones)[0])
        counts = tuple(
            generator.multinomial(size, np.full(size, 1.0 / size), size=replicates)
            for size in above.shape
        )
        draws.append(_logs(above, below, base, counts[0], counts[1]))
    known = [number for number, value in enumerate(values) if np.isfinite(value)]
    if not known:
        return Ratio(np.nan, np.nan, np.nan, np.nan)
    drawn = np.stack([draws[number] for number in known])
    drawn = np.exp(drawn.mean(axis=0)[np.isfinite(drawn).all(axis=0)])
    low, high = np.quantile(drawn, _INTERVAL) if drawn.size else (np.nan, np.nan)
    value = float(np.exp(np.mean([values[number] for number in known])))
    return Ratio(value, float(low), float(high), float((drawn < 1.0).mean()))


def _tables(
    family: pd.DataFrame, figure: str, model: str, reference: str
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(series, cutoffs) numerators of both and their common denominator; 0 where not scored."""
    numerator, denominator = FIGURES[figure]

    def table(name: str, column: str) -> pd.DataFrame:
        rows = family[family["model"] == name]
        return rows.pivot(index="unique_id", columns="cutoff", values=column)

    above, below = table(model, numerator), table(reference, numerator)
    base = table(reference, denominator)
    above, below = above.align(below)
    base = base.reindex_like(below)
    common = above.notna() & below.notna()
    tables = [part.where(common, 0.0).to_numpy(dtype=np.float64) for part in (above, below, base)]
    return tables[0], tables[1], tables[2]


def _logs(
    above: FloatArray,
    below: FloatArray,
    base: FloatArray,
    series: np.ndarray,
    cutoffs: np.ndarray,
) -> FloatArray:
    """(draws,) log ratio of the family's means over its series, each pooled over its cutoffs."""
    size = cutoffs @ base.T
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (
            (series * np.where(size > 0.0, cutoffs @ part.T / size, 0.0)).sum(axis=1)
            for part in (above, below)
        )
        return np.where((one == 0.0) & (other == 0.0), 0.0, np.log(one / other))
