"""The monthly close: what billing periods amount to, kept as it was on that day."""

import datetime as dt

import dagster as dg

from pipelines.closes import lake as close_lake
from pipelines.closes.lake import CLOSES, CloseRequest
from pipelines.dbt_assets import BUILD_POOL
from pipelines.ingestion_assets import table_key
from pipelines.progress import NOTICE
from pipelines.resources import HomeResource
from pipelines.translator import DEFAULT_OWNER

CLOSES_KEY = table_key(CLOSES)
PERIODS_KEY = dg.AssetKey(["intermediate", "int_closes__periods"])


class CloseConfig(dg.Config):
    """What to close; nothing, unless asked.

    Attributes:
        close: Close what is due.
        month: First day of a month, ISO: only periods that begin in it.
        anyway: Do not wait for late charges and a final delivery; goes with `month`.
        today: The day that counts as today, ISO; the UTC day of the run when left out.
    """

    close: bool = False
    month: str | None = None
    anyway: bool = False
    today: str | None = None

    def request(self) -> CloseRequest:
        """The same as dates.

        Raises:
            ValueError: A day is not a date, or every period would be closed without waiting.
        """
        if self.anyway and not self.month:
            raise ValueError("anyway goes with month: name the month to close without waiting")
        return CloseRequest(
            today=dt.date.fromisoformat(self.today)
            if self.today
            else dt.datetime.now(dt.UTC).date(),
            month=dt.date.fromisoformat(self.month) if self.month else None,
            anyway=self.anyway,
        )


@dg.asset(
    key=CLOSES_KEY,
    deps=[PERIODS_KEY],
    group_name="closes",
    kinds={"python", "parquet"},
    owners=[DEFAULT_OWNER],
    description="Billing periods as they were when they were closed; append-only.",
    pool=BUILD_POOL,
)
def billing_closes(
    context: dg.AssetExecutionContext, config: CloseConfig, home: HomeResource
) -> dg.MaterializeResult:
    """Closes what is due when asked to; a period is closed once."""
    root = home.paths.root
    close_lake.leave_table(root)
    if not config.close:
        return dg.MaterializeResult(metadata={"periods_closed": 0})
    try:
        request = config.request()
    except ValueError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    rows = close_lake.due(home.paths.build, root, request)
    periods = len(rows.group_by(close_lake.PERIOD_KEY).aggregate([]))
    if periods:
        close_lake.close(rows, root, dt.datetime.now(dt.UTC).replace(tzinfo=None))
    context.log.info(f"{periods} billing periods closed", extra=NOTICE)
    return dg.MaterializeResult(metadata={"periods_closed": periods})
