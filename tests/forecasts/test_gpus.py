"""Tokens to GPUs, by hand."""

import numpy as np
import pytest

from forecasts.gpus import gpus_for_tokens, moved_gpus, peak_ratio


def test_tokens_over_throughput():
    # 7.2 million tokens an hour are 2,000 a second; the busiest minutes 3,000; GPUs of 1,500.
    tokens = np.array([7_200_000.0, 0.0])
    assert gpus_for_tokens(tokens, 1500.0, peak_ratio=1.5) == pytest.approx([2.0, 0.0])
    # Planned at 70 % of a benchmark's full speed.
    assert gpus_for_tokens(tokens, 1500.0, 1.5, utilization=0.5) == pytest.approx([4.0, 0.0])


def test_the_peak_stands_above_the_mean_as_it_did():
    # Means of 1 and 3 GPUs, peaks of 2 and 4: 6 / 4. An unknown hour has no word.
    gpus = np.array([2.0, 4.0, np.nan])
    tokens = np.array([3600.0, 3 * 3600.0, 3600.0])
    assert peak_ratio(gpus, tokens, np.ones(3)) == pytest.approx(1.5)
    assert peak_ratio(np.array([np.nan]), np.array([1.0]), np.array([1.0])) == 1.0


def test_moved_work_needs_fewer_faster_gpus():
    assert moved_gpus(np.array([6.0]), 1200.0, 2400.0) == pytest.approx([3.0])
    with pytest.raises(ValueError, match="no work moves"):
        moved_gpus(np.array([6.0]), 1200.0, 0.0)


def test_nonsense_is_an_error():
    for arguments in ((0.0, 1.0, 1.0), (1.0, 0.5, 1.0), (1.0, 1.0, 1.5)):
        with pytest.raises(ValueError, match="give no GPUs"):
            gpus_for_tokens(np.ones(1), *arguments)
