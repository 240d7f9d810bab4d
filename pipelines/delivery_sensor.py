"""New deliveries start a refresh: the inputs folder is looked at, and compared with last time."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import dagster as dg

from ingestion import SYSTEMS
from ingestion.deliveries import discover
from ingestion.errors import InputError
from pipelines.jobs import refresh

_EVERY_S = 60


@dataclass(frozen=True)
class Watch:
    """What the sensor remembers from one look to the next.

    Attributes:
        seen: Fingerprint of the inputs folder at the last look.
        started: Fingerprint that the last refresh was started for.
        count: Refreshes started.
    """

    seen: str = ""
    started: str = ""
    count: int = 0

    @classmethod
    def read(cls, cursor: str | None) -> "Watch":
        """From the text that Dagster keeps; a new one where there is none."""
        return cls(**json.loads(cursor)) if cursor else cls()

    def text(self) -> str:
        """For Dagster to keep."""
        return json.dumps(asdict(self))

    def look(self, now: str) -> tuple["Watch", str | None]:
        """One look at the folder.

        A folder that has changed since the last look may still be changing: it waits for the next.

        Args:
            now: The folder's fingerprint.

        Returns:
            What to remember, and the key of the refresh to start, None for none. The key is the
            same when the same look is repeated, as after a daemon's crash.
        """
        if now != self.seen or now == self.started:
            return Watch(now, self.started, self.count), None
        count = self.count + 1
        return Watch(now, now, count), f"{count}-{now}"


def folder_fingerprint(inputs: Path) -> str:
    """Changes with the names, sizes and times of the files that a refresh would read.

    Raises:
        InputError: The folder, or that of a source, cannot be used.
    """
    files = (file for system in SYSTEMS for file in discover(system, inputs))
    listed = sorted(f"{file.name}\0{file.size_bytes}\0{file.modified_ns}" for file in files)
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()[:32]


@dg.sensor(
    name="new_deliveries",
    job=refresh,
    minimum_interval_seconds=_EVERY_S,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="A refresh when files in the inputs folder are new or changed, and at rest.",
)
def new_deliveries(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Looks at names, sizes and times; no file is opened."""
    inputs = dg.EnvVar("VALUEOPS_INPUTS").get_value()
    if not inputs:
        return dg.SkipReason("VALUEOPS_INPUTS names no inputs folder")
    try:
        now = folder_fingerprint(Path(inputs).resolve())
    except InputError as error:
        return dg.SkipReason(str(error))
    before = Watch.read(context.cursor)
    after, run_key = before.look(now)
    context.update_cursor(after.text())
    if run_key:
        return dg.RunRequest(run_key=run_key)
    settled = now == after.started
    return dg.SkipReason(
        "no new files" if settled else "files are new or still arriving: they have until next time"
    )
