"""The steps of a run that tell people: after publishing, of a blocked run, and on the hour."""

import dagster as dg
import pytest

from pipelines.alert_assets import alert_messages, blocked_refresh_sensor, send_alerts
from pipelines.alerts import state
from pipelines.alerts.send import after_blocking
from pipelines.dbt_results import FailedCheck
from pipelines.resources import HomeResource

CHECK = FailedCheck("assert_cost_is_conserved", "1 row", ("aws lost 12.50 USD",))


@dg.op
def warehouse() -> None:
    raise dg.Failure("checks", metadata={"failed_checks": dg.MetadataValue.json([CHECK.as_dict()])})


@dg.op
def broken() -> None:
    raise RuntimeError("no disk")


@dg.job
def blocked_job() -> None:
    warehouse()


@dg.job
def broken_job() -> None:
    broken()


def materialized(home) -> dict:
    resource = HomeResource(inputs="/nowhere", home=str(home.paths.root))
    result = dg.materialize([alert_messages], resources={"home": resource})
    assert result.success
    (event,) = result.asset_materializations_for_node("alert_messages")
    return {name: value.value for name, value in event.metadata.items()}


def test_a_publication_is_followed_by_messages_and_never_fails_by_them(home, slack):
    home.publish({})
    slack.answers = [500] * 3
    assert "answered 500" in materialized(home)["problem"]
    assert materialized(home)["messages"] == 1
    assert materialized(home) == {
        "open": 1,
        "messages": 0,
        "receivers": "slack",
        "problem": "none",
    }


def test_settings_that_make_no_sense_do_not_fail_it(home, slack, monkeypatch):
    monkeypatch.setenv("ALERTS__GROUP_ABOVE", "many")
    home.publish({})
    assert "alerts.group_above" in materialized(home)["problem"]


def run_sensor(job: dg.JobDefinition) -> None:
    with dg.instance_for_test() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
        context = dg.build_run_status_sensor_context(
            sensor_name="blocked_refresh",
            dagster_event=result.get_run_failure_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        ).for_run_failure()
        blocked_refresh_sensor([job])(context)


def test_a_run_that_a_check_stopped_is_told_and_a_broken_one_is_not(home, slack, monkeypatch):
    monkeypatch.setenv("VALUEOPS_HOME", str(home.paths.root))
    run_sensor(broken_job)
    assert slack.accepted == []
    run_sensor(blocked_job)
    run_sensor(blocked_job)
    (title,) = slack.titles
    assert title.startswith("Money is not conserved")


def test_the_hourly_job_forgets_nothing_that_blocks(home, slack, monkeypatch):
    monkeypatch.setenv("VALUEOPS_HOME", str(home.paths.root))
    home.publish({})
    slack.answers = [500] * 3
    after_blocking(home.paths, [CHECK])
    assert send_alerts.execute_in_process().success
    assert len(slack.accepted) == 2
    assert [alert.subject for alert in state.read(home.paths.alerts).blocked] == [CHECK.name]
    slack.answers = [404]
    home.publish({}, {"alert_key": "new"})
    with pytest.raises(dg.Failure, match="answered 404"):
        send_alerts.execute_in_process()
