"""Mail by SMTP: alerts as plain text, and any message with files."""

import smtplib
import ssl
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from pipelines.alerts.messages import Message
from pipelines.alerts.receivers import ReceiverError
from pipelines.alerts.settings import SmtpSettings
from pipelines.harmless import harmless

_TIMEOUT_S = 15
_ATTEMPTS = 3
_LONGEST_SUBJECT = 180
# SMTP says with 4xx that it may work later, with 5xx that it will not.
_LATER = range(400, 500)


class _TryLaterError(ReceiverError):
    """An answer that may be another one in a moment."""


def as_mail(message: Message, settings: SmtpSettings) -> EmailMessage:
    """An alert as mail to the recipients of alerts."""
    text = [f"{name}:\n  {_line(told)}\n" for name, told in message.facts]
    text += [f"- {_line(line)}\n" for line in message.lines]
    subject = f"[valueops] {message.title}"
    return new_mail(settings, settings.recipients, subject, "\n".join(text))


def new_mail(settings: SmtpSettings, to: Sequence[str], subject: str, text: str) -> EmailMessage:
    """A mail that files may be added to.

    Args:
        settings: Who sends it.
        to: Addresses.
        subject: In one line; line breaks would be headers of their own.
        text: The body.

    Raises:
        ReceiverError: An address is none.
    """
    mail = EmailMessage()
    mail["Subject"] = _line(subject)[:_LONGEST_SUBJECT]
    try:
        mail["From"] = Address(addr_spec=settings.sender)
        mail["To"] = [Address(addr_spec=address) for address in to]
    except (ValueError, IndexError) as error:
        raise ReceiverError(f"mail: {error}") from error
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=settings.sender.rpartition("@")[2] or None)
    mail.set_content(text)
    return mail


def send(settings: SmtpSettings, mails: Iterable[EmailMessage]) -> None:
    """Sends mails, each tried three times where the server is down or busy.

    Raises:
        ReceiverError: The first that was not accepted, without login or password.
    """
    for mail in mails:
        Retrying(
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_exponential_jitter(initial=1, max=8, jitter=1),
            retry=retry_if_exception_type(_TryLaterError),
            reraise=True,
        )(_send_once, settings, mail)


def _send_once(settings: SmtpSettings, mail: EmailMessage) -> None:
    problem = _problem(lambda: _deliver(settings, mail), f"mail server {settings.host}")
    if problem:
        # Outside of the handler: errors of a login hold what was sent.
        raise problem


def _deliver(settings: SmtpSettings, mail: EmailMessage) -> None:
    context = ssl.create_default_context()
    if settings.ca_file:
        context.load_verify_locations(settings.ca_file)
    if settings.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=_TIMEOUT_S, context=context
        )
    else:
        connection = smtplib.SMTP(settings.host, settings.port, timeout=_TIMEOUT_S)
    with connection:
        if settings.security == "starttls":
            connection.starttls(context=context)
        if settings.user:
            connection.login(settings.user, settings.password or "")
        connection.send_message(mail)


def _problem(deliver: Callable[[], None], server: str) -> ReceiverError | None:
    try:
        deliver()
    except smtplib.SMTPAuthenticationError:
        return ReceiverError(f"{server} refuses the login; see alerts.smtp.user and password")
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        told = f"{server} refuses {', '.join(sorted(error.recipients))}"
        return (_TryLaterError if codes <= set(_LATER) else ReceiverError)(told)
    except smtplib.SMTPResponseException as error:
        told = f"{server} answered {error.smtp_code}"
        return (_TryLaterError if error.smtp_code in _LATER else ReceiverError)(told)
    except smtplib.SMTPNotSupportedError:
        return ReceiverError(
            f"{server} offers no STARTTLS or no login; see alerts.smtp.security and user"
        )
    except ssl.SSLError as error:
        return ReceiverError(f"{server}: TLS failed ({error.reason}); see alerts.smtp.ca_file")
    except (OSError, smtplib.SMTPException) as error:
        return _TryLaterError(f"{server} cannot be reached ({type(error).__name__})")
    return None


def _line(text: str) -> str:
    return harmless(" ".join(text.split()))
