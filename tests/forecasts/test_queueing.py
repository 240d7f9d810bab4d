"""Waiting: textbook values, a second formula, a simulation, and the GPUs for an objective."""

import math

import numpy as np
import pytest

from forecasts.queueing import (
    load_for_wait,
    mean_wait,
    servers_for_wait,
    wait_probability,
    wait_quantile,
)


def test_textbook_values():
    # Two servers, load 1: 1/3; three servers, load 2: 4/9 (Gross and Harris).
    assert wait_probability([1.0, 2.0], [2, 3]) == pytest.approx([1 / 3, 4 / 9])
    # M/M/1: the probability of waiting is rho, the mean wait rho / (1 - rho) services.
    assert wait_probability(0.8, 1) == pytest.approx(0.8)
    assert mean_wait(0.8, 1, service_s=30.0) == pytest.approx(120.0)
    # 95 % of M/M/1 waits: ln(0.8 / 0.05) / (mu - lambda) = 2.7726 x 150 s.
    assert wait_quantile(0.8, 1, service_s=30.0) == pytest.approx(math.log(16.0) * 150.0)
    # Nobody of the 95 % waits where fewer than 5 % have to.
    assert wait_quantile(1.0, 10, service_s=30.0) == 0.0


def erlang_c(load: float, servers: int) -> float:
    """By the recursion of the loss formula."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


@pytest.mark.parametrize("servers", [1, 7, 60, 900, 20_000])
@pytest.mark.parametrize("busy", [0.2, 0.9, 0.999])
def test_the_recursion_agrees_and_many_servers_stay_stable(servers: int, busy: float):
    expected = erlang_c(busy * servers, servers)
    assert wait_probability(busy * servers, servers) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_too_few_servers_wait_for_ever():
    assert wait_probability([3.0, 4.0], 3) == pytest.approx([1.0, 1.0])
    assert np.isinf(mean_wait([3.0, 4.0], 3, 1.0)).all()
    assert np.isinf(wait_quantile(4.0, 3, 1.0))


def test_no_load_waits_not_at_all():
    assert wait_probability(0.0, 1) == pytest.approx(0.0)
    assert servers_for_wait(0.0, 1.0, 0.0) == 0.0


def simulated_waits(gaps: np.ndarray, services: np.ndarray, servers: int) -> np.ndarray:
    """First come, first served, request by request."""
    free = np.zeros(servers)
    waits = np.empty(len(gaps))
    now = 0.0
    for request, (gap, service) in enumerate(zip(gaps, services, strict=True)):
        now += gap
        first = int(np.argmin(free))
        waits[request] = max(0.0, free[first] - now)
        free[first] = now + waits[request] + service
    return waits[len(waits) // 10 :]


def test_a_simulation_agrees():
    rng = np.random.default_rng(5)
    requests, servers, load, service_s = 150_000, 4, 3.2, 2.0
    gaps = rng.exponential(service_s / load, requests)
    waits = simulated_waits(gaps, rng.exponential(service_s, requests), servers)
    assert (waits > 0).mean() == pytest.approx(float(wait_probability(load, servers)), abs=0.02)
    assert waits.mean() == pytest.approx(float(mean_wait(load, servers, service_s)), rel=0.08)
    expected = float(wait_quantile(load, servers, service_s))
    assert np.quantile(waits, 0.95) == pytest.approx(expected, rel=0.08)


def test_the_correction_for_other_arrivals_is_near_a_simulation():
    """Bursts (ca2 = 4) wait longer, and steady service (cs2 = 0) less: within a fifth."""
    rng = np.random.default_rng(6)
    requests, servers, load = 150_000, 3, 2.55
    steady = simulated_waits(
        rng.exponential(1.0 / load, requests), np.ones(requests), servers
    ).mean()
    assert steady == pytest.approx(float(mean_wait(load, servers, 1.0, cs2=0.0)), rel=0.2)
    gaps = rng.gamma(0.25, 4.0 / load, requests)
    bursty = simulated_waits(gaps, rng.exponential(1.0, requests), servers).mean()
    assert bursty == pytest.approx(float(mean_wait(load, servers, 1.0, ca2=4.0)), rel=0.2)


@pytest.mark.parametrize("wait_s", [0.0, 0.5, 3.0])
def test_the_fewest_servers_that_keep_the_wait(wait_s: float):
    load = np.array([0.05, 0.9, 1.0, 4.2, 37.0, 800.5])
    servers = servers_for_wait(load, service_s=2.0, wait_s=wait_s)
    for a, c in zip(load, servers, strict=True):
        by_hand = next(n for n in range(1, 2000) if wait_quantile(a, n, 2.0) <= wait_s)
        assert c == by_hand


def test_loads_are_the_inverse():
    servers = np.arange(1.0, 60.0)
    borne = load_for_wait(servers, service_s=2.0, wait_s=1.0)
    assert (np.diff(borne) > 0).all()
    assert servers_for_wait(borne * (1 - 1e-9), 2.0, 1.0) == pytest.approx(servers)
    assert servers_for_wait(borne * (1 + 1e-9) + 1e-9, 2.0, 1.0) == pytest.approx(servers + 1)


def test_an_impossible_objective_is_an_error():
    for service_s, wait_s in ((0.0, 1.0), (1.0, -1.0)):
        with pytest.raises(ValueError, match="no wait"):
            servers_for_wait(1.0, service_s, wait_s)
