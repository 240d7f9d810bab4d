"""Scores of probabilities, worked by hand."""

import numpy as np
import pytest

from forecasts.event_scores import brier, log_score


def test_brier_by_hand():
    # 0.7 came true: 0.3 squared; 0.2 did not: 0.2 squared.
    assert brier(np.array([True, False]), np.array([0.7, 0.2])) == pytest.approx(0.065)
    assert brier(np.array([True, False]), np.array([1.0, 0.0])) == 0.0


def test_log_score_by_hand():
    found = log_score(np.array([True, False]), np.array([0.5, 0.75]))
    assert found == pytest.approx((np.log(2.0) + np.log(4.0)) / 2.0)


def test_being_sure_and_wrong_has_a_bound():
    assert log_score(np.array([True]), np.array([0.0])) == pytest.approx(np.log(1000.0))


def test_nothing_has_no_score():
    nothing = np.empty(0, dtype=bool), np.empty(0)
    assert np.isnan(brier(*nothing))
    assert np.isnan(log_score(*nothing))


def test_the_truth_scores_best():
    """Both are proper: no probability does better than the one that days come with."""
    happened = np.arange(100) < 30
    tried = np.linspace(0.05, 0.95, 19)
    for score in (brier, log_score):
        losses = [score(happened, np.full(100, one)) for one in tried]
        assert tried[int(np.argmin(losses))] == pytest.approx(0.3)
