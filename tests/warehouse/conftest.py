"""An empty warehouse, built once per session."""

from dataclasses import dataclass

import pytest
from dbt_runs import DbtHome
from empty_lake import write_empty_lake


@dataclass(frozen=True)
class Warehouse:
    """A warehouse without rows, and the SQL that every model of it was built with."""

    dbt: DbtHome
    sql: dict[str, str]


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    dbt = DbtHome(tmp_path_factory.mktemp("warehouse"))
    write_empty_lake(dbt.home)
    results = dbt.run("build", "--resource-type", "seed", "--resource-type", "model")
    failed = [
        f"{result.name}: {result.message}" for result in results if result.status != "success"
    ]
    assert not failed, "\n".join(failed)
    return Warehouse(dbt, {result.name: result.compiled_sql for result in results})
