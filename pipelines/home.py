"""Where things lie: the home folder of one warehouse, and the rooms of this repository."""

from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
DBT_PROJECT_DIR = REPOSITORY / "dbt_project"
WORKSPACE_FILE = REPOSITORY / "workspace.yaml"
INSTANCE_FILE = REPOSITORY / "dagster.yaml"


@dataclass(frozen=True)
class HomePaths:
    """The fixed layout of a home folder.

    Args:
        root: The home folder, absolute.
    """

    root: Path

    @classmethod
    def at(cls, home: Path | str) -> "HomePaths":
        """The layout below a folder, which need not exist yet."""
        return cls(Path(home).expanduser().resolve())

    @property
    def lake(self) -> Path:
        """Append-only Parquet of all deliveries."""
        return self.root / "lake"

    @property
    def build(self) -> Path:
        """The warehouse that a refresh is building; no reader opens it."""
        return self.root / "build" / "warehouse.duckdb"

    @property
    def warehouse(self) -> Path:
        """The published warehouse; replaced as a whole, never written."""
        return self.root / "warehouse.duckdb"

    @property
    def roles(self) -> Path:
        """Each role's part of the published warehouse, one file per role."""
        return self.root / "roles"

    @property
    def reports(self) -> Path:
        """Rendered HTML reports."""
        return self.root / "reports"

    @property
    def alerts(self) -> Path:
        """What was told to whom, and what is silenced."""
        return self.root / "alerts"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME: the runs of the command and of `valueops dev`."""
        return self.root / ".dagster"

    @property
    def logs(self) -> Path:
        """What dbt, Dagster and libraries say while a refresh runs."""
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        """Held while a refresh runs."""
        return self.root / ".lock"

    def alive_mark(self, run_id: str) -> Path:
        """Held by the process of a run as long as it lives."""
        return self.dagster / "alive" / run_id

    @property
    def dbt_target(self) -> Path:
        """Compiled SQL, results and log of dbt; kept, and shared by both steps, to parse once."""
        return self.logs / "dbt"

    def create(self) -> None:
        """Makes the folders, and gives Dagster its settings where it has none.

        The lake is left to its engine, which refuses a folder that it has not made.

        Raises:
            OSError: The folder cannot be written.
        """
        for folder in (self.build.parent, self.reports, self.dagster, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        settings = self.dagster / "dagster.yaml"
        if not settings.exists():
            settings.write_text(INSTANCE_FILE.read_text(encoding="utf-8"), encoding="utf-8")
