"""From requests and tokens to GPUs: what one sustains, and the peak above the mean."""

import numpy as np

from forecasts.frames import FloatArray

_HOUR_SECONDS = 3600.0


def gpus_for_tokens(
    tokens_per_hour: FloatArray,
    tokens_per_second_per_gpu: float,
    peak_ratio: float = 1.0,
    utilization: float = 1.0,
) -> FloatArray:
    """GPUs that serve so many tokens, in the busiest minutes of each hour.

    Args:
        tokens_per_hour: Input plus output tokens of each hour.
        tokens_per_second_per_gpu: What one GPU sustains. A throughput measured at or above the
            utilization target has that target in it already.
        peak_ratio: Busiest 5 minutes over the hour's mean, as `peak_ratio` measures it.
        utilization: Share of that throughput to plan with; below 1 only where it is a benchmark's
            full speed.

    Returns:
        GPUs, not rounded, in the shape of the tokens.

    Raises:
        ValueError: A GPU serves nothing, or a ratio makes no sense.
    """
    if not (tokens_per_second_per_gpu > 0.0 and 0.0 < utilization <= 1.0 and peak_ratio >= 1.0):
        raise ValueError(
            f"{tokens_per_second_per_gpu} tokens a second, peak ratio {peak_ratio} and utilization "
            f"{utilization} give no GPUs"
        )
    rate = np.maximum(tokens_per_hour, 0.0) / _HOUR_SECONDS * peak_ratio
    return rate / (tokens_per_second_per_gpu * utilization)


def peak_ratio(
    gpus_required: FloatArray, tokens_per_hour: FloatArray, tokens_per_second_per_gpu: FloatArray
) -> float:
    """The busiest 5 minutes over the mean of the hour, as history had it.

    Args:
        gpus_required: (hours,) GPUs of each hour's busiest 5 minutes; NaN where unknown.
        tokens_per_hour: (hours,) tokens of the same hours.
        tokens_per_second_per_gpu: (hours,) what one GPU sustained.

    Returns:
        The ratio of the sums, which busy hours decide and idle ones do not blur; at least 1, and 1
        where nothing is known.
    """
    mean = tokens_per_hour / _HOUR_SECONDS / tokens_per_second_per_gpu
    known = np.isfinite(gpus_required) & np.isfinite(mean) & (mean > 0.0)
    if not known.any():
        return 1.0
    return max(1.0, float(gpus_required[known].sum() / mean[known].sum()))


def moved_gpus(gpus: FloatArray, from_throughput: float, to_throughput: float) -> FloatArray:
    """GPUs of another kind that do the same work.

    Args:
        gpus: GPUs of the kind it runs on.
        from_throughput: What one of them sustains, tokens per second.
        to_throughput: The same of the other kind.

    Raises:
        ValueError: A throughput is not known or not positive.
    """
    if not (from_throughput > 0.0 and to_throughput > 0.0):
        raise ValueError(f"no work moves from {from_throughput} to {to_throughput} tokens a second")
    return gpus * (from_throughput / to_throughput)
