"""The part of the published warehouse that each role may read."""

import dagster as dg

from pipelines.publish import PUBLISHED_KEY
from pipelines.resources import HomeResource
from pipelines.roles.files import write_role_files
from pipelines.translator import DEFAULT_OWNER


@dg.asset(
    deps=[PUBLISHED_KEY],
    group_name="publish",
    kinds={"duckdb"},
    owners=[DEFAULT_OWNER],
    description="`HOME/roles/<role>.duckdb`: the rows of one role's teams, and no other.",
)
def role_files(home: HomeResource) -> dg.MaterializeResult:
    """Writes every role's file from the published warehouse."""
    written = write_role_files(home.paths)
    return dg.MaterializeResult(
        metadata={
            "files": dg.MetadataValue.json({role: str(file) for role, file in written.items()})
        }
    )
