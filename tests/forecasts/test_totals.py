"""Totals and series agree, by hand-sized examples and over random ones."""

import numpy as np
import pandas as pd
import pytest

from forecasts.frames import FORECAST_COLUMNS, QUANTILES
from forecasts.quantile_function import hourly_values
from forecasts.totals import reconcile, total_of

COLUMNS = list(QUANTILES)
A, B, TOTAL = "a/v1//x/H100", "b/v1//x/H100", "accelerator:H100"
MIDPOINTS = (np.arange(50) + 0.5) / 50


def frame(rows: dict[str, list[float]], measure: str = "tokens", hour: int = 0) -> pd.DataFrame:
    """One hour's forecasts by series."""
    made = [
        dict(zip(COLUMNS, quantiles, strict=True))
        | {"unique_id": name, "measure": measure, "model": "m", "is_champion": True}
        | {"champion_reason": ""}
        for name, quantiles in rows.items()
    ]
    moment = pd.Timestamp("2026-06-01") + pd.Timedelta(hours=hour)
    frame = pd.DataFrame(made).assign(ds=moment, created_at=pd.Timestamp("2026-05-31 23:00"))
    return frame[list(FORECAST_COLUMNS)].astype(FORECAST_COLUMNS)


def means(forecasts: pd.DataFrame) -> pd.Series:
    values = hourly_values(forecasts[COLUMNS].to_numpy(), MIDPOINTS).mean(axis=1)
    return pd.Series(values, index=forecasts["unique_id"])


def sure(value: float) -> list[float]:
    return [value] * 5


def spread(value: float, width: float) -> list[float]:
    return [value + width * score for score in (0.0, 0.5, 0.8, 1.0, 1.4)]


def test_which_total_a_series_is_part_of():
    assert total_of("chat/v1//chat/completions/NVIDIA-H100") == "accelerator:NVIDIA-H100"
    assert total_of("accelerator:NVIDIA-H100") is None
    assert total_of("training:NVIDIA-H100") is None


def test_the_sure_stay_and_the_unsure_move():
    """30 + 50 is not 100; only b is unsure, so b takes the 20."""
    result = means(reconcile(frame({TOTAL: sure(100.0), A: sure(30.0), B: spread(50.0, 10.0)})))
    assert result[A] == pytest.approx(30.0, rel=1e-6)
    assert result[TOTAL] == pytest.approx(100.0, rel=1e-6)
    assert result[B] == pytest.approx(70.0, rel=1e-6)


def test_the_change_follows_the_variances():
    """Widths of 1, 1 and 2, variances of 1, 1 and 4: a sixth, a sixth, two thirds of the gap."""
    given = frame({TOTAL: spread(100.0, 1.0), A: spread(30.0, 1.0), B: spread(50.0, 2.0)})
    before, after = means(given), means(reconcile(given))
    gap = before[TOTAL] - before[A] - before[B]
    assert after[A] - before[A] == pytest.approx(gap / 6, rel=1e-3)
    assert after[B] - before[B] == pytest.approx(gap * 4 / 6, rel=1e-3)
    assert before[TOTAL] - after[TOTAL] == pytest.approx(gap / 6, rel=1e-3)


def test_quantiles_keep_their_shape():
    given = frame({TOTAL: spread(100.0, 20.0), A: spread(30.0, 9.0), B: spread(50.0, 10.0)})
    ratio = reconcile(given)[COLUMNS].to_numpy() / given[COLUMNS].to_numpy()
    assert ratio == pytest.approx(np.repeat(ratio[:, :1], 5, axis=1))


def test_gpus_lie_between_the_largest_series_and_the_sum():
    rows = {TOTAL: [1.0, 4.0, 5.0, 20.0, 20.0], A: sure(3.0), B: [2.0, 2.0, 2.0, 4.0, 8.0]}
    result = reconcile(frame(rows, measure="gpus")).set_index("unique_id")[COLUMNS]
    assert result.loc[TOTAL].tolist() == [3.0, 4.0, 5.0, 7.0, 11.0]
    assert result.loc[A].tolist() == rows[A]
    assert result.loc[B].tolist() == rows[B]


def test_rivals_other_series_and_lone_totals_stay():
    given = pd.concat(
        [
            frame({TOTAL: sure(100.0), A: spread(30.0, 1.0)}),
            frame({TOTAL: sure(7.0), A: sure(9.0)}).assign(model="rival", is_champion=False),
            frame({"accelerator:A100": sure(5.0), "c/v1//x/L40S": sure(6.0)}),
            frame({"training:H100": sure(8.0)}, measure="gpus"),
        ],
        ignore_index=True,
    )
    result = reconcile(given)
    assert result.iloc[2:].equals(given.iloc[2:])
    assert not result.iloc[:2].equals(given.iloc[:2])


def test_nothing_is_nothing():
    empty = frame({A: sure(1.0)}).iloc[:0]
    assert reconcile(empty).empty
    silent = frame({TOTAL: sure(0.0), A: sure(0.0), B: sure(0.0)})
    assert reconcile(silent).equals(silent)


def test_a_silent_total_takes_the_series():
    result = means(reconcile(frame({TOTAL: sure(0.0), A: sure(3.0), B: spread(4.0, 2.0)})))
    assert result[TOTAL] == pytest.approx(result[A] + result[B])


@pytest.mark.parametrize("measure", ["requests", "tokens", "gpus"])
def test_any_forecast_adds_up_whatever_the_order_of_rows(measure: str):
    rng = np.random.default_rng(3)
    frames = []
    for hour in range(40):
        rows = {
            name: np.sort(rng.gamma(0.5, 20.0, 5)).tolist() for name in (TOTAL, A, B, "c/1//H100")
        }
        frames.append(frame(rows, measure=measure, hour=hour))
    given = pd.concat(frames, ignore_index=True)
    result = reconcile(given)
    values = result[COLUMNS].to_numpy()
    assert np.isfinite(values).all()
    assert (values >= 0.0).all()
    assert (np.diff(values, axis=1) >= -1e-9).all()
    by_hour = result.assign(mean=means(result).to_numpy()).pivot(
        index="ds", columns="unique_id", values="mean"
    )
    parts = by_hour.drop(columns=TOTAL)
    if measure == "gpus":
        assert (by_hour[TOTAL] <= parts.sum(axis=1) * (1 + 1e-9)).all()
        assert (by_hour[TOTAL] >= parts.max(axis=1) * (1 - 1e-9)).all()
    else:
        assert by_hour[TOTAL].to_numpy() == pytest.approx(parts.sum(axis=1).to_numpy())
    shuffled = given.sample(frac=1.0, random_state=1)
    again = reconcile(shuffled).sort_index()
    assert again[COLUMNS].to_numpy() == pytest.approx(values)
