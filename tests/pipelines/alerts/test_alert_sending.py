"""Who is told what, when, and how often: real sendings to receivers on this machine."""

import json
from datetime import UTC, date, datetime

import pytest
from receivers import webhook

from pipelines.alerts import state
from pipelines.alerts.command import in_words, silence
from pipelines.alerts.events import blocked_alerts
from pipelines.alerts.send import after_blocking, after_publishing, send_due
from pipelines.dbt_results import FailedCheck
from pipelines.errors import UserError

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
SPIKE = {"alert_key": "valueless_spike-1"}
BUDGET = {
    "alert_key": "budget_exceeded-1",
    "kind": "budget_exceeded",
    "subject": "budget of head-of-support",
    "amount_usd": "7278.64",
}
CHECK = FailedCheck("assert_cost_is_conserved", "1 row", ("aws lost 12.50 USD in 2026-06",))


def test_each_event_is_one_message_with_money_cause_owner_and_next_step(home, slack):
    home.publish(SPIKE, BUDGET)
    sent = after_publishing(home.paths, NOW)
    assert (sent.open_events, sent.messages, sent.problems) == (2, 2, ())
    assert slack.titles == [
        "Budget exceeded: budget of head-of-support",
        "Valueless spend spike: chat/v2/prod gpu_compute",
    ]
    said = json.dumps(slack.accepted[1])
    for fact in (
        "10,060.80 USD",
        "each unit of use cost more",
        "head-of-ml (team assistant)",
        "2026-06-22",
        "go back to what it was",
        "valueops explain --model chat --version v2",
        "valueops alerts silence valueless_spike-1 --until DATE",
    ):
        assert fact in said, fact


def test_nothing_is_told_twice(home, slack, mails):
    home.publish(SPIKE, BUDGET)
    assert after_publishing(home.paths, NOW).messages == 4
    assert after_publishing(home.paths, NOW).messages == 0
    assert send_due(home.paths, NOW).messages == 0
    assert (len(slack.accepted), len(mails.mails)) == (2, 2)


def test_what_comes_back_is_told_again(home, slack):
    home.publish(SPIKE)
    after_publishing(home.paths, NOW)
    home.publish()
    after_publishing(home.paths, NOW)
    home.publish(SPIKE)
    assert after_publishing(home.paths, NOW).messages == 1
    assert slack.titles[-1].endswith("(open again)")
    assert after_publishing(home.paths, NOW).messages == 0


@pytest.mark.parametrize(
    ("told", "now", "is_told_again"),
    [
        ("1000", "1499.99", False),
        ("1000", "1500", True),
        # half as much again, but small change
        ("50", "149.99", False),
        ("50", "150", True),
        (None, "99.99", False),
        (None, "100", True),
        ("1000", None, False),
        ("1000", "10", False),
    ],
)
def test_money_that_has_grown_is_told_again(home, slack, told, now, is_told_again):
    home.publish(SPIKE | {"amount_usd": told})
    after_publishing(home.paths, NOW)
    home.publish(SPIKE | {"amount_usd": now})
    after_publishing(home.paths, NOW)
    assert len(slack.accepted) == 1 + is_told_again
    assert slack.titles[-1].endswith("(grown)") is is_told_again


def test_small_steps_add_up_to_growth(home, slack):
    for amount in ("1000", "1200", "1400", "1600"):
        home.publish(SPIKE | {"amount_usd": amount})
        after_publishing(home.paths, NOW)
    assert len(slack.accepted) == 2


def test_a_silence_holds_through_its_last_day_and_then_it_is_told_again(home, slack, capsys):
    home.publish(SPIKE, BUDGET)
    after_publishing(home.paths, NOW)
    with state.changing(home.paths.alerts) as remembered:
        remembered.silences.append(
            state.Silence("valueless_spike-1", date(2026, 7, 10), "load test", "anna", "now")
        )
    home.publish(SPIKE | {"amount_usd": "99999"}, BUDGET)
    for day in (2, 10):
        assert after_publishing(home.paths, NOW.replace(day=day)).messages == 0
    assert after_publishing(home.paths, NOW.replace(day=11)).messages == 1
    assert slack.titles[-1].startswith("Valueless spend spike")
    assert after_publishing(home.paths, NOW.replace(day=11)).messages == 0


def test_a_silence_needs_an_open_event_a_day_to_come_a_reason_and_a_name(home, capsys):
    import sys

    home.publish(SPIKE)
    later = date(2199, 1, 1)
    with pytest.raises(UserError, match="the nearest: valueless_spike-1"):
        silence(home.paths, "valueless_spike-2", later, "why", "anna", sys.stdout)
    with pytest.raises(UserError, match="over already"):
        silence(home.paths, "valueless_spike-1", date(2020, 1, 1), "why", "anna", sys.stdout)
    with pytest.raises(UserError, match="--reason and --by"):
        silence(home.paths, "valueless_spike-1", later, " ", "anna", sys.stdout)
    silence(home.paths, "valueless_spike-1", later, "why", "anna", sys.stdout)
    assert "silent up to 2199-01-01" in capsys.readouterr().out
    (said,) = state.read(home.paths.alerts).silences
    assert (said.by, said.reason) == ("anna", "why")


def test_many_of_a_kind_are_one_message_with_a_line_each(home, slack):
    spikes = [
        SPIKE | {"alert_key": f"s-{n}", "subject": f"model-{n}", "amount_usd": "10.01"}
        for n in range(6)
    ]
    home.publish(*spikes, BUDGET)
    assert after_publishing(home.paths, NOW).messages == 2
    assert slack.titles[-1] == "6 valueless spend spikes, 60.06 USD at stake"
    lines = [block["text"]["text"] for block in slack.accepted[-1]["blocks"][1:]]
    assert len(lines) == 6
    assert all(f"model-{n}: 10.01 USD, owner head-of-ml" in lines[n] for n in range(6))
    assert after_publishing(home.paths, NOW).messages == 0


def test_a_receiver_that_is_down_gets_it_next_time_and_the_other_is_not_kept_waiting(
    home, slack, mails, waits
):
    home.publish(SPIKE, BUDGET)
    slack.answers = [503] * 3
    sent = after_publishing(home.paths, NOW)
    assert sent.problems == ("Slack webhook answered 503; 2 messages wait for next time",)
    assert (slack.asked, len(waits), len(mails.mails)) == (3, 2, 2)
    assert send_due(home.paths, NOW).problems == ()
    assert (len(slack.accepted), len(mails.mails)) == (2, 2)


def test_what_was_accepted_before_the_receiver_broke_is_not_sent_again(home, slack):
    home.publish(SPIKE, BUDGET)
    slack.answers = [200, 500, 500, 500]
    assert after_publishing(home.paths, NOW).messages == 1
    assert after_publishing(home.paths, NOW).messages == 1
    assert len(set(slack.titles)) == len(slack.titles) == 2


def test_a_busy_receiver_is_given_the_time_it_asks_for(home, slack, waits):
    home.publish(SPIKE)
    slack.answers, slack.headers = [429], {"Retry-After": "7"}
    assert after_publishing(home.paths, NOW).messages == 1
    assert waits == [7.0]


def test_a_refusal_is_not_tried_again_at_once(home, slack, waits):
    home.publish(SPIKE)
    slack.answers = [404]
    assert after_publishing(home.paths, NOW).problems == (
        "Slack webhook answered 404; 1 messages wait for next time",
    )
    assert (slack.asked, waits) == (1, [])


def test_a_redirect_is_not_followed(home, slack):
    home.publish(SPIKE)
    with webhook() as elsewhere:
        slack.answers, slack.headers = [302], {"Location": elsewhere.url}
        assert "answered 302" in after_publishing(home.paths, NOW).problems[0]
        assert elsewhere.asked == 0


def test_a_blocked_refresh_is_told_once_until_one_is_published(home, slack):
    home.publish(BUDGET)
    assert after_blocking(home.paths, [CHECK], NOW).messages == 2
    title = slack.titles[0]
    assert title == "Money is not conserved, publication blocked: assert_cost_is_conserved"
    assert "aws lost 12.50 USD in 2026-06" in json.dumps(slack.accepted[0])
    assert after_blocking(home.paths, [CHECK], NOW).messages == 0
    assert send_due(home.paths, NOW).open_events == 2
    assert after_publishing(home.paths, NOW).open_events == 1
    assert after_blocking(home.paths, [CHECK], NOW).messages == 1


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        ("assert_loaded_cost_is_conserved", "conservation_failure"),
        ("assert_gpu_cost_ties", "conservation_failure"),
        ("assert_monthly_costs_tie", "conservation_failure"),
        ("assert_version_effects_add_up", "conservation_failure"),
        ("assert_ledger_adds_up", "conservation_failure"),
        ("assert_deliveries_cover_their_period", "blocked_publish"),
        ("unique_dim_date_date_day", "blocked_publish"),
    ],
)
def test_checks_that_hold_sums_against_each_other_are_conservation(check, kind):
    (alert,) = blocked_alerts([FailedCheck(check, "1 row", ())])
    assert alert.kind == kind


def test_a_first_refresh_that_is_blocked_is_told_without_a_warehouse(home, slack):
    assert after_blocking(home.paths, [CHECK], NOW).messages == 1


def test_without_a_receiver_nothing_is_sent_and_the_first_one_gets_everything(home, monkeypatch):
    home.publish(SPIKE)
    assert in_words(after_publishing(home.paths, NOW)) == (
        "alerts: 1 open, 0 messages sent to nobody (no receiver is configured)"
    )
    with webhook() as late:
        monkeypatch.setenv("ALERTS__SLACK__WEBHOOK_URL", late.url)
        assert after_publishing(home.paths, NOW).messages == 1


def test_a_broken_memory_is_said_and_not_overwritten(home, slack):
    home.publish(SPIKE)
    home.paths.alerts.mkdir()
    (home.paths.alerts / "state.json").write_text("{broken")
    with pytest.raises(UserError, match="move it away"):
        after_publishing(home.paths, NOW)
    assert (home.paths.alerts / "state.json").read_text() == "{broken"


@pytest.mark.parametrize(
    ("loaded_at", "is_told"),
    # NOW is 06:00 on the first of July; 72 hours are usual
    [("2026-06-28 06:00:00", False), ("2026-06-28 05:59:59", True), (None, False)],
)
def test_that_nothing_arrives_is_told_once(home, slack, loaded_at, is_told):
    home.publish(loaded_at=loaded_at)
    assert send_due(home.paths, NOW).messages == int(is_told)
    assert send_due(home.paths, NOW).messages == 0
    if is_told:
        assert slack.titles == ["Nothing arrives: every source"]
        home.publish(loaded_at="2026-07-01 05:00:00")
        assert send_due(home.paths, NOW).open_events == 0


def test_how_long_silence_is_usual_can_be_set(home, slack, monkeypatch):
    home.publish(loaded_at="2026-06-30 05:00:00")
    assert send_due(home.paths, NOW).messages == 0
    monkeypatch.setenv("ALERTS__SILENT_HOURS", "24")
    assert send_due(home.paths, NOW).messages == 1
