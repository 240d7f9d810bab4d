"""What the assets are given: the two folders, and dbt."""

from contextlib import ExitStack, contextmanager
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from ingestion.compaction.swap import recover
from pipelines.home import HomePaths
from pipelines.lock import alive, refresh_lock

if TYPE_CHECKING:
    from collections.abc import Iterator


class HomeResource(dg.ConfigurableResource):
    """The inputs folder and the home folder.

    A run holds the home's lock from its first step to its last, however it was started.

    Attributes:
        inputs: The inputs folder.
        home: The home folder.
        lock_wait_s: Seconds that a run waits for the lock before it fails.
    """

    inputs: str
    home: str
    lock_wait_s: float = 0.0

    @property
    def inputs_path(self) -> Path:
        """The folder that deliveries arrive in, absolute."""
        return Path(self.inputs).expanduser().resolve()

    @property
    def paths(self) -> HomePaths:
        """The home folder's layout."""
        return HomePaths.at(self.home)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> "Iterator[HomeResource]":
        """Holds the refresh lock while the run has this resource.

        Raises:
            HomeLockedError: Another refresh is running, and still is after `lock_wait_s`.
        """
        self.paths.create()
        with ExitStack() as held:
            if context.run_id is not None:
                # Dagster calls a run started while it waits here: nobody may take it for dead.
                held.enter_context(alive(self.paths.alive_mark(context.run_id)))
            held.enter_context(refresh_lock(self.paths.lock, self.lock_wait_s))
            # Before any step reads the lake: a compaction may have been killed half way.
            recover(self.paths.root)
            yield self


def configured_home() -> HomePaths:
    """The home folder for what must not hold its lock: sensors, schedules, and jobs that only read.

    Raises:
        dagster.Failure: VALUEOPS_HOME is not set.
    """
    home = dg.EnvVar("VALUEOPS_HOME").get_value()
    if not home:
        raise dg.Failure("VALUEOPS_HOME names no home folder")
    return HomePaths.at(home)


class DbtResource(DbtCliResource):
    """dbt as a command, without what a refresh does not use."""

    @cached_property
    def _cli_version(self) -> Version:
        # `dbt --version` takes seconds and asks a package index for news; the package knows.
        return Version(version("dbt-core"))
