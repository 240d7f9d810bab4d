"""Planted bursts of known rate, size and hour are recovered within sampling error."""

import numpy as np
import pandas as pd
import pytest

from forecasts.bursts import burst_probabilities, fit_bursts
from forecasts.bursts.days import fit_days
from forecasts.bursts.sizes import fit_sizes, quantile
from forecasts.panel import Panel

END = pd.Timestamp("2024-06-30 23:00")
HOURS = 91 * 24
LEVEL = 100.0


def calm(seed: int, hours: int = HOURS) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return LEVEL + draw.normal(0.0, 5.0, hours)


def bursty(seed: int, per_day: float, hours_of_day=range(24), lengths=(1, 2, 3)) -> np.ndarray:
    """Poisson bursts to twice the level and more: exponential, mean 200."""
    draw = np.random.default_rng(seed)
    y = calm(seed + 1)
    allowed = np.isin(np.arange(HOURS) % 24, list(hours_of_day))
    begins = np.flatnonzero(allowed & (draw.random(HOURS) < per_day / len(list(hours_of_day))))
    for start in begins:
        y[start : start + draw.choice(lengths)] = 2 * LEVEL + draw.exponential(200.0)
    return y


def panel(*rows) -> Panel:
    y = np.asarray(rows, dtype=float)
    return Panel(tuple(f"s{number}" for number in range(len(y))), END, y)


def test_a_known_rate_is_recovered():
    rates, days = [0.2, 0.5, 1.0], HOURS / 24
    found = fit_bursts(panel(*(bursty(10 * n, rate) for n, rate in enumerate(rates))), 28 * 24)
    expected = found.rates.per_hour.sum(axis=1) / 28
    # The last days weigh more at first: three standard errors of a month, not of a quarter.
    for rate, estimate in zip(rates, expected, strict=True):
        assert estimate == pytest.approx(rate, abs=3 * np.sqrt(rate / (days / 2)))


def test_a_known_hour_of_day_is_recovered_and_chance_is_not():
    nightly = fit_bursts(panel(bursty(5, 0.6, hours_of_day=(1, 2, 3))), 168)
    by_hour = nightly.rates.per_hour[0].reshape(7, 24).sum(axis=0)
    assert by_hour[1:4].sum() / by_hour.sum() > 0.7
    anywhen = fit_bursts(panel(bursty(6, 0.6)), 168)
    by_hour = anywhen.rates.per_hour[0].reshape(7, 24).sum(axis=0)
    # 50 events in 24 hours differ by chance; shrunk, no hour has four times the mean.
    assert by_hour.max() / by_hour.mean() < 3.0


def test_a_known_size_is_recovered():
    found = fit_bursts(panel(bursty(7, 1.0)), 24)
    margin = found.season.margin[0]
    mean = float(found.sizes.scale[0] / (1.0 - found.sizes.shape[0])) * margin
    threshold = float(np.nanmean(found.season.threshold[0]))
    # Eight hours of a hundred burst, the threshold lies where five do: above the 200 that bursts
    # begin at. An exponential has no memory: the excess over it has the mean of 200, too. About
    # one event in five is two that came close together, the higher of which counts: 220.
    assert threshold > 2 * LEVEL
    assert mean == pytest.approx(220.0, rel=0.25)


@pytest.mark.parametrize("shape", [0.0, 0.3])
def test_the_tail_of_a_pareto_is_recovered(shape):
    sample = quantile((np.arange(4000) + 0.5) / 4000, shape, 2.0)
    sizes = fit_sizes(sample, np.zeros(4000, dtype=int), 1)
    assert sizes.shape[0] == pytest.approx(shape, abs=0.05)
    assert sizes.scale[0] == pytest.approx(2.0, rel=0.05)
    assert quantile(np.array([0.5]), 0.0, 1.0) == pytest.approx([np.log(2.0)])
    assert quantile(np.array([0.75]), 0.5, 1.0) == pytest.approx([2.0])


def test_few_events_borrow_their_size():
    peaks = np.array([1.0] * 50 + [9.0])
    sizes = fit_sizes(peaks, np.array([0] * 50 + [1]), 3)
    mean = sizes.scale / (1.0 - sizes.shape)
    pooled = peaks.mean()
    assert mean[1] == pytest.approx(9.0 / 11.0 + pooled * 10.0 / 11.0)
    assert mean[2] == pytest.approx(pooled)


def test_probabilities_are_those_of_the_days_that_come():
    """40 series of one rate: of the days after the cutoff as many have bursts as was said."""
    rows = [bursty(100 + number, 0.4) for number in range(40)]
    cut = HOURS - 28 * 24
    past = Panel(tuple(f"s{n:02}" for n in range(40)), END, np.array(rows)[:, :cut])
    found = fit_bursts(past, 28 * 24)
    said = burst_probabilities(found)
    future = np.array(rows)[:, cut:]
    came = (future > found.season.ahead).reshape(40, 28, 24).any(axis=2)
    assert said.mean() == pytest.approx(came.mean(), abs=0.05)
    # By hand: starts 0.4 a day, and one in 24 lasts into the next day on average.
    assert came.mean() == pytest.approx(1.0 - np.exp(-0.4 * (1 + 1 / 24)), abs=0.05)


def hanging_together(seed: int, share: float, persistence: float) -> np.ndarray:
    """Days with one burst hour follow each other as a Markov chain."""
    draw = np.random.default_rng(seed)
    y = calm(seed + 1)
    state = draw.random() < share
    for day in range(HOURS // 24):
        state = draw.random() < share + persistence * (state - share)
        if state:
            y[day * 24 + draw.integers(24)] = 300.0
    return y


def test_days_that_hang_together_are_seen_to():
    found = fit_bursts(panel(*(hanging_together(2 * n, 0.3, 0.6) for n in range(20))), 672)
    days = fit_days(found.season)
    assert days.share.mean() == pytest.approx(0.3, abs=0.05)
    assert days.persistence.mean() == pytest.approx(0.6, abs=0.1)
    # What the last day adds goes by the persistence from day to day, and is soon forgotten.
    said = burst_probabilities(found)
    after, without = said[days.last == 1.0], said[days.last == 0.0]
    assert after[:, 0].mean() == pytest.approx(0.3 + 0.6 * 0.7, abs=0.08)
    assert without[:, 0].mean() == pytest.approx(0.3 - 0.6 * 0.3, abs=0.08)
    assert after[:, 20:].mean() == pytest.approx(without[:, 20:].mean(), abs=0.08)


def test_days_that_do_not_are_not():
    days = fit_days(fit_bursts(panel(*(bursty(2 * n, 0.4) for n in range(20))), 24).season)
    # An event in 24 lasts over midnight, and the threshold follows a busy week.
    assert days.persistence.mean() < 0.15


def test_without_bursts_rare_is_not_never():
    found = burst_probabilities(fit_bursts(panel(np.full(HOURS, 8.0)), 168))
    assert (found > 0.0).all()
    assert (found < 0.01).all()


def test_a_dead_series_has_none():
    y = bursty(11, 0.5)
    y[-28 * 24 :] = 0.0
    alive = bursty(12, 0.5)
    found = burst_probabilities(fit_bursts(panel(y, alive), 168))
    assert (found[0] == 0.0).all()
    assert (found[1] > 0.1).all()


def test_a_new_series_borrows_the_rate_of_the_others():
    new = np.full(HOURS, np.nan)
    new[-30:] = 50.0
    found = fit_bursts(panel(bursty(13, 1.0), bursty(14, 1.0), new), 168)
    per_day = found.rates.per_hour.sum(axis=1) / 7
    assert per_day[2] == pytest.approx(per_day[:2].mean(), rel=0.5)
    assert np.isinf(found.season.ahead[2]).all()


def test_the_unit_does_not_matter():
    rows = np.array([bursty(15, 0.5), bursty(16, 0.2)])
    one, other = fit_bursts(panel(*rows), 168), fit_bursts(panel(*(1000.0 * rows)), 168)
    assert other.rates.per_hour == pytest.approx(one.rates.per_hour)
    assert other.sizes.scale == pytest.approx(one.sizes.scale)
    assert other.season.ahead == pytest.approx(1000.0 * one.season.ahead)
