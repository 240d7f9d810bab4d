"""Reports that come by themselves: real files, real mail, and what is said where it fails."""

import io

import dagster as dg
import fsspec
import pytest

from pipelines.errors import UserError
from pipelines.subscription_jobs import send_subscriptions, weekly_subscriptions
from pipelines.subscriptions.command import list_subscriptions, send
from pipelines.subscriptions.deliver import shown
from pipelines.subscriptions.settings import read_subscriptions


def sent(paths, name=None) -> str:
    out = io.StringIO()
    send(paths, name, out)
    return out.getvalue()


def test_a_folder_gets_whole_files_of_the_day(paths, subscribe, tmp_path):
    folder = tmp_path / "reports"
    subscribe(leads={"format": ["html", "pdf"], "reports": ["value"], "to": f"folder:{folder}"})
    assert sent(paths) == f"leads: value.html, value.pdf to folder:{folder}\n"
    day = folder / "2024-06-30"
    assert sorted(path.name for path in day.iterdir()) == ["value.html", "value.pdf"]
    page = (day / "value.html").read_text(encoding="utf-8")
    assert "Weekly value review" in page and "Last week’s forecast, scored" in page  # noqa: RUF001
    assert "capacity.html" not in page and "costs.html" not in page
    assert (day / "value.pdf").read_bytes().startswith(b"%PDF-")
    (day / "value.html").write_text("old")
    sent(paths)
    assert (day / "value.html").read_text(encoding="utf-8") == page


def test_pages_that_go_together_keep_their_links(paths, subscribe, tmp_path):
    subscribe(leads={"to": f"folder:{tmp_path / 'r'}"})
    sent(paths)
    day = tmp_path / "r" / "2024-06-30"
    assert sorted(path.name for path in day.iterdir()) == ["capacity.html", "value.html"]
    value = (day / "value.html").read_text(encoding="utf-8")
    assert 'href="capacity.html"' in value and "costs.html" not in value


def test_a_bucket_gets_them_too(paths, subscribe):
    subscribe(archive={"reports": ["value"], "to": "memory://bucket/reports/"})
    assert sent(paths) == "archive: value.html to memory://bucket/reports/\n"
    (path,) = fsspec.filesystem("memory").find("/bucket/reports")
    assert path.endswith("/2024-06-30/value.html")


def test_mail_holds_the_files(paths, subscribe, mails):
    subscribe(
        leads={
            "reports": ["value"],
            "format": ["html", "pdf"],
            "to": "mail:a@b.example, c@d.example",
        }
    )
    sent(paths)
    (mail,) = mails.mails
    assert mail["To"] == "a@b.example, c@d.example"
    assert mail["Subject"] == "[valueops] Weekly value review, as of 2024-06-30"
    files = {part.get_filename(): part for part in mail.iter_attachments()}
    assert {name: part.get_content_type() for name, part in files.items()} == {
        "value.html": "text/html",
        "value.pdf": "application/pdf",
    }
    assert "Weekly value review" in files["value.html"].get_content()
    assert files["value.pdf"].get_content().startswith(b"%PDF-")


def test_one_that_fails_does_not_keep_others_waiting(paths, subscribe, tmp_path, monkeypatch):
    monkeypatch.delenv("ALERTS__SMTP__HOST", raising=False)
    (tmp_path / "file").write_text("")
    subscribe(
        a={"reports": ["value"], "to": f"folder:{tmp_path / 'file'}"},
        b={"reports": ["value"], "to": "mail:a@b.example"},
        c={"reports": ["value"], "to": "nosuch://user:hunter2secret@host/x"},
        d={"reports": ["value"], "to": f"folder:{tmp_path / 'good'}"},
    )
    with pytest.raises(UserError) as error:
        sent(paths)
    told = str(error.value)
    assert "a: " in told and "cannot be written" in told
    assert "b: no mail server is configured" in told
    assert "c: nosuch://host/x" in told and "hunter2secret" not in told
    assert error.value.__cause__ is None
    assert (tmp_path / "good" / "2024-06-30" / "value.html").exists()


def test_without_a_pdf_engine_the_rest_is_delivered(paths, subscribe, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    subscribe(x={"reports": ["value"], "format": ["pdf", "html"], "to": f"folder:{tmp_path / 'r'}"})
    with pytest.raises(UserError, match=r"value.pdf was not made: PDF needs WeasyPrint"):
        sent(paths)
    assert [path.name for path in (tmp_path / "r" / "2024-06-30").iterdir()] == ["value.html"]


def test_one_may_be_sent_alone(paths, subscribe, tmp_path):
    subscribe(
        a={"reports": ["value"], "to": f"folder:{tmp_path / 'a'}"},
        b={"reports": ["value"], "to": f"folder:{tmp_path / 'b'}"},
    )
    assert sent(paths, "b").startswith("b: ")
    assert not (tmp_path / "a").exists()
    with pytest.raises(UserError, match="there is no subscription c; there are a, b"):
        sent(paths, "c")


def test_nothing_subscribed_says_how(paths, monkeypatch):
    monkeypatch.delenv("SUBSCRIPTIONS", raising=False)
    with pytest.raises(UserError, match=r"\[subscriptions.<name>\]"):
        sent(paths)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"x": {}}, "subscriptions.x.to is missing"),
        ({"x": {"to": "a@b.example"}}, "begins with mail:, folder: or a protocol"),
        ({"x": {"to": "mail:a@b", "reports": ["profit"]}}, "value, capacity, costs, not profit"),
        ({"x": {"to": "mail:a@b", "format": "docx"}}, "html, pdf, not docx"),
        ({"x": {"to": "mail:a@b", "formats": ["pdf"]}}, "subscriptions.x.formats is not known"),
        ({"x": "mail:a@b"}, "is a table with"),
    ],
)
def test_settings_that_make_no_sense_are_named(subscribe, told, message):
    subscribe(**told)
    with pytest.raises(UserError, match=message):
        read_subscriptions()


def test_the_list_shows_no_password(subscribe):
    out = io.StringIO()
    subscribe(x={"to": ["ftp://u:hunter2secret@host/x", "mail:a@b.example"]})
    list_subscriptions(out)
    assert out.getvalue() == "x: value, capacity as html to ftp://host/x, mail:a@b.example\n"
    assert shown("s3://bucket/x") == "s3://bucket/x"


def test_the_week_has_a_job_and_a_schedule_that_starts_stopped(
    paths, subscribe, tmp_path, monkeypatch
):
    monkeypatch.setenv("VALUEOPS_HOME", str(paths.root))
    subscribe(x={"reports": ["value"], "to": f"folder:{tmp_path / 'r'}"})
    assert send_subscriptions.execute_in_process().success
    assert (tmp_path / "r" / "2024-06-30" / "value.html").exists()
    subscribe(x={"reports": ["value"], "to": "nosuch://x"})
    with pytest.raises(dg.Failure, match="nosuch://x"):
        send_subscriptions.execute_in_process()
    assert weekly_subscriptions.cron_schedule == "0 7 * * 1"
    assert weekly_subscriptions.default_status is dg.DefaultScheduleStatus.STOPPED
