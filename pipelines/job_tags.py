"""What every job says of itself: whose it is, and how long a run of it may take."""

from pipelines.translator import DEFAULT_OWNER

OWNED = {"owner": DEFAULT_OWNER}


def limits(hours: int) -> dict[str, str]:
    """Run tags: how long a run may take, and that a retry of one begins at the beginning.

    The build file of a run that broke off may be another run's by the time it is tried again.
    """
    return {"dagster/max_runtime": str(hours * 3600), "dagster/retry_strategy": "ALL_STEPS"}
