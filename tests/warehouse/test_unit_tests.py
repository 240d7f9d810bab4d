"""Every dbt unit test of the project, in one invocation."""


def test_every_dbt_unit_test_passes(warehouse):
    results = warehouse.dbt.run("test", "--select", "test_type:unit")
    assert results, "no unit test found"
    failed = [f"{result.name}\n{result.message}" for result in results if result.status != "pass"]
    assert not failed, f"{len(failed)} of {len(results)}:\n" + "\n".join(failed)
