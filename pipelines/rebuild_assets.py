"""Days to build again, as partitions: a backfill of any range in Dagster's UI is one run."""

from datetime import date

import dagster as dg

from pipelines.jobs import REBUILT_KEY
from pipelines.refresh import RefreshRequest
from pipelines.refresh_run import run_refresh
from pipelines.resources import HomeResource
from pipelines.stale_runs import close_stale_runs
from pipelines.translator import DEFAULT_OWNER

# Earlier days are rebuilt by the command, which takes any.
DAYS = dg.DailyPartitionsDefinition(start_date="2020-01-01", timezone="UTC", end_offset=1)


@dg.asset(
    key=REBUILT_KEY,
    partitions_def=DAYS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    group_name="publish",
    kinds={"duckdb"},
    owners=[DEFAULT_OWNER],
    description="UTC days that somebody had built again, as `valueops refresh --from --to` does.",
)
def rebuilt_days(context: dg.AssetExecutionContext, home: HomeResource) -> dg.MaterializeResult:
    """Runs a refresh that builds the days of all its partitions again and publishes."""
    first, last = context.partition_key_range
    request = RefreshRequest(
        home.inputs_path, home.paths, rebuild_from=_day(first), rebuild_to=_day(last)
    )
    tags = {"valueops/rebuild": f"{first}..{last}", "valueops/started_by": context.run.run_id}
    # Nobody watches the refresh of a rebuild that was killed: its slot would hold up this one.
    close_stale_runs(context.instance, home.paths)
    outcome = run_refresh(request, context.instance, tags)
    if outcome.exit_code:
        raise dg.Failure(
            outcome.error or f"blocking checks failed: {', '.join(outcome.failed_names)}",
            allow_retries=False,
        )
    return dg.MaterializeResult(metadata={"rebuilt_from": first, "rebuilt_to": last})


def _day(key: str) -> date:
    return date.fromisoformat(key)
