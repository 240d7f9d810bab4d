"""What the assets are given: the two folders, and dbt."""

from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from ingestion.compaction.swap import recover
from pipelines.home import HomePaths
from pipelines.lock import refresh_lock

if TYPE_CHECKING:
    from collections.abc import Iterator


class HomeResource(dg.ConfigurableResource):
    """The inputs folder and the home folder.

    A run holds the home's lock from its first step to its last, however it was started.
    """

    inputs: str
    home: str

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
            HomeLockedError: Another refresh is running.
        """
        self.paths.create()
        with refresh_lock(self.paths.lock):
            # Before any step reads the lake: a compaction may have been killed half way.
            recover(self.paths.root)
            yield self


class DbtResource(DbtCliResource):
    """dbt as a command, without what a refresh does not use."""

    @cached_property
    def _cli_version(self) -> Version:
        # `dbt --version` takes seconds and asks a package index for news; the package knows.
        return Version(version("dbt-core"))
