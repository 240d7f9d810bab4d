"""The refresh job run inside this process, which holds the home's lock."""

from collections.abc import Mapping

import dagster as dg

from pipelines.jobs import REFRESH_JOB
from pipelines.outcome import RunOutcome, read_outcome
from pipelines.refresh import RefreshRequest
from pipelines.resources import HomeResource


def run_refresh(
    request: RefreshRequest, instance: dg.DagsterInstance, tags: Mapping[str, str] | None = None
) -> RunOutcome:
    """Runs the job to its end; a run of its own in the instance.

    Args:
        request: What to refresh.
        instance: The home's Dagster instance.
        tags: Tags of the run.

    Returns:
        What it came to; a failed step is no exception.
    """
    # What is in there rests on this module.
    from pipelines.definitions import build_definitions

    job = build_definitions().resolve_job_def(REFRESH_JOB)
    result = job.execute_in_process(
        run_config=request.run_config(),
        instance=instance,
        raise_on_error=False,
        resources={"home": HomeResource(inputs=str(request.inputs), home=str(request.paths.root))},
        tags=dict(tags or {}),
    )
    return read_outcome(result)
