"""Getting files to where they are wanted: by mail, to a folder, to a bucket."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import fsspec

from pipelines.alerts import mail
from pipelines.alerts.receivers import ReceiverError
from pipelines.alerts.settings import addresses, read_smtp
from pipelines.subscriptions.files import MEDIA_TYPES, TITLES, ReportFile
from pipelines.subscriptions.settings import FOLDER, MAIL


def deliver(to: str, files: Sequence[ReportFile], as_of: date | None) -> None:
    """Delivers files to one address; the same day's files are replaced.

    Args:
        to: As `Subscription.to`.
        files: What to deliver.
        as_of: Names the folder, and the mail.

    Raises:
        ReceiverError: It was not possible, in one line without a secret.
        UserError: The settings of mail make no sense.
    """
    if to.startswith(MAIL):
        _mail(addresses(to.removeprefix(MAIL)), files, as_of)
        return
    day = as_of.isoformat() if as_of else "no-data"
    if to.startswith(FOLDER):
        _to_folder(Path(to.removeprefix(FOLDER)).expanduser() / day, files)
    else:
        _to_bucket(f"{to.rstrip('/')}/{day}", files)


def shown(to: str) -> str:
    """An address without user and password, which one of fsspec may hold."""
    if to.startswith((MAIL, FOLDER)):
        return to
    parts = urlsplit(to)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def _mail(to: Sequence[str], files: Sequence[ReportFile], as_of: date | None) -> None:
    settings = read_smtp()
    if settings is None:
        raise ReceiverError("no mail server is configured: set ALERTS__SMTP__HOST (docs/alerts.md)")
    titles = list(dict.fromkeys(TITLES[file.name.partition(".")[0]] for file in files))
    day = f", as of {as_of}" if as_of else ""
    text = "\n".join(
        [
            f"{' and '.join(titles)}{day}.",
            "",
            *(f"- {file.name}" for file in files),
            "",
            "Each file is whole: it opens without a network. Save the HTML files into one folder",
            "before you open them, and the links between them work.",
        ]
    )
    message = mail.new_mail(settings, to, f"[valueops] {titles[0]}{day}", text)
    for file in files:
        main, sub = MEDIA_TYPES[file.extension]
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    mail.send(settings, [message])


def _to_folder(folder: Path, files: Sequence[ReportFile]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            half = folder / f"{file.name}.part"
            half.write_bytes(file.content)
            half.replace(folder / file.name)
    except OSError as error:
        raise ReceiverError(f"{folder} cannot be written: {error.strerror or error}") from error


def _to_bucket(url: str, files: Sequence[ReportFile]) -> None:
    problem = None
    try:
        system, path = fsspec.core.url_to_fs(url)
        for file in files:
            # An object is there as a whole or not at all.
            system.pipe_file(f"{path}/{file.name}", file.content)
    except Exception as error:
        # Each kind of bucket has errors of its own, and their texts may hold a key.
        problem = f"{shown(url)} cannot be written ({type(error).__name__})"
    if problem:
        raise ReceiverError(problem)
