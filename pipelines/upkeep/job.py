"""The job `compact_lake`: compaction and retention, as `valueops compact` does it."""

from datetime import UTC, datetime

import dagster as dg

from ingestion.errors import InputError
from pipelines.errors import UserError
from pipelines.job_tags import OWNED, limits
from pipelines.progress import NOTICE
from pipelines.resources import HomeResource
from pipelines.upkeep.compaction import Compaction


class CompactConfig(dg.Config):
    """What to remove besides merging.

    Attributes:
        keep_days: Days that superseded deliveries are kept; left out, they are kept for ever.
    """

    keep_days: int | None = None


@dg.op(description="Merges small files of the lake; removes what has not counted for `keep_days`.")
def compact_tables(
    context: dg.OpExecutionContext, config: CompactConfig, home: HomeResource
) -> None:
    """Compacts under the home's lock, which the run holds."""
    try:
        for line in Compaction(home.paths, config.keep_days).run(datetime.now(UTC)):
            context.log.info(line, extra=NOTICE)
    except (InputError, UserError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error


@dg.job(
    description="Small files of the lake merged; superseded deliveries removed if asked for.",
    tags=OWNED,
    run_tags=limits(hours=12),
)
def compact_lake() -> None:
    """One step."""
    compact_tables()


# Starts stopped, as every schedule; it merges, and removes nothing until `keep_days` is set.
weekly_compaction = dg.ScheduleDefinition(
    name="weekly_compaction",
    job=compact_lake,
    cron_schedule="30 4 * * 0",
    description="Sundays at 04:30 UTC: the week's small files of the lake merged.",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
)
