"""What hostile names and secrets do to messages, logs and errors: nothing."""

import logging
import traceback

import pytest
from receivers import mailbox, make_certificate

from pipelines.alerts import mail
from pipelines.alerts.send import after_publishing
from pipelines.alerts.settings import addresses, read_settings, read_smtp
from pipelines.errors import UserError

SECRET = "hunter2secret"  # noqa: S105
HOSTILE = "<!channel> & <https://evil.example|click>\n*bold*`; rm -rf / #"


def test_names_from_outside_mention_nobody_and_link_nowhere(home, slack, mails):
    home.publish(
        {"subject": HOSTILE, "owner": HOSTILE, "cause": HOSTILE, "model_name": HOSTILE}
        | {"what_to_do": HOSTILE, "team": HOSTILE}
    )
    assert after_publishing(home.paths).messages == 2
    (body,) = slack.accepted
    texts = [block["text"] for block in body["blocks"] if block["text"]["type"] == "mrkdwn"]
    assert all(text["verbatim"] for text in texts)
    for text in [*(text["text"] for text in texts), body["text"]]:
        assert "<" not in text and ">" not in text
    # The command stays one argument for a shell, and one code span for Slack.
    (command,) = (text["text"] for text in texts if "explain" in text["text"])
    assert command.count("`") == 2
    assert "--model '&lt;!channel&gt; &amp; " in command
    (received,) = mails.mails
    assert "\n" not in received["Subject"]
    assert received["Subject"].startswith("[valueops] Valueless spend spike: <!channel> &")
    assert received["Bcc"] is None


def test_longer_names_than_slack_takes_are_cut(home, slack):
    home.publish({"subject": "x" * 5000, "cause": "y" * 5000})
    after_publishing(home.paths)
    header, *sections = slack.accepted[0]["blocks"]
    assert len(header["text"]["text"]) == 150
    assert max(len(section["text"]["text"]) for section in sections) <= 3000


def test_mail_goes_to_all_recipients_from_the_sender(home, mails):
    home.publish({})
    after_publishing(home.paths)
    (received,) = mails.mails
    assert received["To"] == "anna@example.com, bo@example.com"
    assert received["From"] == "valueops@example.com"
    text = received.get_content().replace("\r\n", "\n")
    assert "Money at stake:\n  10,060.80 USD" in text
    assert "valueops explain --model chat --version v2" in text


@pytest.mark.parametrize("answers", [[500] * 3, [403]])
def test_a_webhooks_address_is_in_no_error_log_or_file(home, slack, caplog, answers):
    caplog.set_level(logging.DEBUG)
    slack.answers = answers
    home.publish({})
    sent = after_publishing(home.paths)
    assert sent.problems
    written = [path.read_bytes() for path in home.paths.root.rglob("*") if path.is_file()]
    said = [caplog.text, repr(sent), repr(read_settings())]
    assert not any(SECRET in text for text in said)
    assert not any(SECRET.encode() in data for data in written)


def test_an_address_that_nobody_answers_is_not_in_the_error(home, monkeypatch):
    monkeypatch.setenv("ALERTS__SLACK__WEBHOOK_URL", f"http://127.0.0.1:1/{SECRET}")
    home.publish({})
    (problem,) = after_publishing(home.paths).problems
    assert problem.startswith("Slack webhook cannot be reached (ConnectionRefusedError)")
    monkeypatch.setenv("ALERTS__SLACK__WEBHOOK_URL", f"gopher://{SECRET}")
    with pytest.raises(UserError) as error:
        after_publishing(home.paths)
    assert SECRET not in str(error.value)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def secured(certificate, monkeypatch):
    with mailbox(certificate) as receiver:
        for name, value in {
            "HOST": "127.0.0.1",
            "PORT": str(receiver.port),
            "USER": "robot",
            "PASSWORD": SECRET,
            "SENDER": "valueops@example.com",
            "RECIPIENTS": "anna@example.com",
            "CA_FILE": str(certificate[0]),
        }.items():
            monkeypatch.setenv(f"ALERTS__SMTP__{name}", value)
        yield receiver


def test_mail_is_encrypted_before_the_login(home, secured):
    home.publish({})
    assert after_publishing(home.paths).problems == ()
    assert (len(secured.mails), secured.logins) == (1, [("robot", SECRET)])


def test_a_server_that_nobody_vouches_for_gets_no_password(home, secured, monkeypatch):
    monkeypatch.delenv("ALERTS__SMTP__CA_FILE")
    home.publish({})
    (problem,) = after_publishing(home.paths).problems
    assert "TLS failed" in problem and "ca_file" in problem
    assert secured.logins == []


def test_a_server_without_starttls_gets_no_password(home, mails, monkeypatch):
    monkeypatch.setenv("ALERTS__SMTP__SECURITY", "starttls")
    monkeypatch.setenv("ALERTS__SMTP__USER", "robot")
    monkeypatch.setenv("ALERTS__SMTP__PASSWORD", SECRET)
    home.publish({})
    assert "offers no STARTTLS" in after_publishing(home.paths).problems[0]
    assert mails.logins == []


def test_a_refused_login_is_said_without_the_password(home, secured, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG, logger="valueops")
    monkeypatch.setenv("ALERTS__SMTP__PASSWORD", f"wrong-{SECRET}")
    home.publish({})
    (problem,) = after_publishing(home.paths).problems
    assert "refuses the login" in problem and SECRET not in problem


def test_no_secret_hangs_on_the_error_as_its_cause(secured, monkeypatch):
    monkeypatch.setenv("ALERTS__SMTP__PASSWORD", f"wrong-{SECRET}")
    settings = read_smtp()
    assert settings
    with pytest.raises(mail.ReceiverError) as error:
        mail.send(settings, [mail.new_mail(settings, settings.recipients, "s", "t")])
    assert error.value.__cause__ is None and error.value.__context__ is None
    assert SECRET not in "".join(traceback.format_exception(error.value))


def test_a_mail_server_that_is_busy_is_tried_again_and_one_that_refuses_is_not(home, mails, waits):
    home.publish({})
    mails.answer = "451 later"
    assert "answered 451" in after_publishing(home.paths).problems[0]
    assert len(waits) == 2
    mails.answer = "554 never"
    assert "answered 554" in after_publishing(home.paths).problems[0]
    assert len(waits) == 2


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SMTP__SECURITY", "ssl", "starttls, tls, none"),
        ("SMTP__PORT", "mail", "whole number"),
        ("SMTP__SENDER", "", "alerts.smtp.sender is not"),
        ("GROUP_ABOVE", "many", "whole number"),
        ("GROWTH_FACTOR", "much", "is a number"),
        ("SMTP__RECIPIENTS", "[broken", "list"),
    ],
)
def test_settings_that_make_no_sense_are_named(home, mails, monkeypatch, name, value, told):
    monkeypatch.setenv(f"ALERTS__{name}", value)
    with pytest.raises(UserError, match=told):
        read_settings()


def test_recipients_are_a_list_or_a_text():
    assert addresses("a@b.c, d@e.f,") == ("a@b.c", "d@e.f")
    assert addresses('["a@b.c"]') == addresses(["a@b.c"]) == ("a@b.c",)
    assert addresses(None) == ()
