"""How long requests wait for so many GPUs, and how many GPUs keep a wait short.

The model is M/M/c (Erlang 1917): requests arrive at random, each is served by one of c servers, and
who finds all of them busy waits in one queue. Its answers are exact for Poisson arrivals and
exponential service. For others the wait is scaled by (ca2 + cs2) / 2 (Allen 1978, Cunneen), where
ca2 and cs2 are the squared coefficients of variation of the times between arrivals and of service.

A GPU that serves several requests at once is as many servers, each so much slower: give the service
time of a request as it is in the batch, and divide the servers by the batch.

Units: `load` is offered load in servers (arrivals per second x seconds of service); `service_s` and
waits are seconds. Loads and servers are arrays that broadcast. An unstable queue (load >= servers)
waits for ever: probability 1, infinite seconds.
"""

import numpy as np
import numpy.typing as npt

from forecasts.frames import FloatArray

_POISSON = 1.0
_DOUBLINGS = 64
_HALVINGS = 50


def wait_probability(load: npt.ArrayLike, servers: npt.ArrayLike) -> FloatArray:
    """Probability that a request has to wait (Erlang C).

    From the Erlang loss formula as a ratio of Poisson probabilities, which neither overflows nor
    loses digits for many thousand servers.

    Args:
        load: Offered load in servers, not negative.
        servers: Number of servers, at least 1.
    """
    from scipy.special import gammaincc, gammaln

    a, c = np.broadcast_arrays(np.asarray(load, np.float64), np.asarray(servers, np.float64))
    busy = np.minimum(np.maximum(a, 1e-300), c * (1.0 - 1e-12))
    none_free = np.exp(c * np.log(busy) - busy - gammaln(c + 1.0)) / gammaincc(c + 1.0, busy)
    waits = none_free / (1.0 - busy / c * (1.0 - none_free))
    return np.where(a >= c, 1.0, np.clip(waits, 0.0, 1.0))


def mean_wait(
    load: npt.ArrayLike,
    servers: npt.ArrayLike,
    service_s: float,
    ca2: float = _POISSON,
    cs2: float = _POISSON,
) -> FloatArray:
    """Mean seconds that a request waits, those that need not among them."""
    return wait_probability(load, servers) * _mean_of_waiters(load, servers, service_s, ca2, cs2)


def wait_quantile(
    load: npt.ArrayLike,
    servers: npt.ArrayLike,
    service_s: float,
    level: float = 0.95,
    ca2: float = _POISSON,
    cs2: float = _POISSON,
) -> FloatArray:
    """Seconds that this share of all requests wait at most.

    Who waits at all waits an exponential time; so the quantile is 0 where fewer wait than the
    level leaves over.
    """
    waiting = np.maximum(wait_probability(load, servers), 1e-300)
    times = np.maximum(np.log(waiting) - np.log1p(-level), 0.0)
    waiters = _mean_of_waiters(load, servers, service_s, ca2, cs2)
    return np.where(times > 0.0, times * np.where(times > 0.0, waiters, 1.0), 0.0)


def servers_for_wait(
    load: npt.ArrayLike,
    service_s: float,
    wait_s: float,
    level: float = 0.95,
    ca2: float = _POISSON,
    cs2: float = _POISSON,
) -> FloatArray:
    """The fewest servers with which this share of requests waits at most `wait_s`.

    Args:
        load: Offered load in servers; nothing asked for needs none.
        service_s: Mean seconds of service.
        wait_s: The objective, at least 0.
        level: Share of the requests that it is for.
        ca2: Squared variation of the times between arrivals; 1 is Poisson.
        cs2: Squared variation of the service times; 1 is exponential.

    Returns:
        Whole numbers, in the shape of `load`.

    Raises:
        ValueError: A time is negative, or the service takes none.
    """
    if not (service_s > 0.0 and wait_s >= 0.0 and 0.0 < level < 1.0):
        raise ValueError(f"no wait of {wait_s} s at level {level} for a service of {service_s} s")
    a = np.maximum(np.asarray(load, np.float64), 0.0)
    low = np.floor(a)  # too few: the queue would be unstable
    step = np.ones_like(a)

    def keeps(servers: FloatArray) -> np.ndarray:
        enough = np.maximum(servers, 1.0)
        return wait_quantile(a, enough, service_s, level, ca2, cs2) <= wait_s

    high = low + step
    for _ in range(_DOUBLINGS):
        short = ~keeps(high)
        if not short.any():
            break
        low = np.where(short, high, low)
        step = np.where(short, 2.0 * step, step)
        high = np.where(short, low + step, high)
    while bool((high - low > 1.0).any()):
        middle = np.floor((low + high) / 2.0)
        is_open = high - low > 1.0
        enough = keeps(middle)
        high = np.where(is_open & enough, middle, high)
        low = np.where(is_open & ~enough, middle, low)
    return np.where(a > 0.0, high, 0.0)


def load_for_wait(
    servers: npt.ArrayLike,
    service_s: float,
    wait_s: float,
    level: float = 0.95,
    ca2: float = _POISSON,
    cs2: float = _POISSON,
) -> FloatArray:
    """The highest load that so many servers bear with this share waiting at most `wait_s`.

    The inverse of `servers_for_wait`: many loads are looked up in it at once.

    Args:
        servers: Numbers of servers, at least 1.
        service_s: Mean seconds of service.
        wait_s: The objective, at least 0.
        level: Share of the requests that it is for.
        ca2: Squared variation of the times between arrivals.
        cs2: Squared variation of the service times.
    """
    c = np.asarray(servers, np.float64)
    low, high = np.zeros_like(c), c.copy()
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        keeps = wait_quantile(middle, c, service_s, level, ca2, cs2) <= wait_s
        low, high = np.where(keeps, middle, low), np.where(keeps, high, middle)
    return low


def _mean_of_waiters(
    load: npt.ArrayLike, servers: npt.ArrayLike, service_s: float, ca2: float, cs2: float
) -> FloatArray:
    """Mean seconds of those who wait: infinite where the queue is unstable."""
    free = np.asarray(servers, np.float64) - np.asarray(load, np.float64)
    scale = service_s * (ca2 + cs2) / 2.0
    return np.where(free > 0.0, scale / np.where(free > 0.0, free, 1.0), np.inf)
