"""Messages as Slack's incoming webhooks take them; Mattermost and others take the same."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential_jitter,
)

from pipelines.alerts.messages import Message
from pipelines.alerts.receivers import ReceiverError
from pipelines.alerts.settings import SlackSettings
from pipelines.harmless import harmless

_TIMEOUT_S = 10
_ATTEMPTS = 3
_LONGEST_WAIT_S = 15.0
# Slack's limits, in characters and blocks.
_HEADER, _TEXT, _BLOCKS = 150, 2900, 48
_ICONS = {"critical": "🔴", "warning": "🟠"}


class _TryLaterError(ReceiverError):
    """An answer that may be another one in a moment."""

    def __init__(self, message: str, after_s: float | None = None) -> None:
        super().__init__(message)
        self.after_s = after_s


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A message is posted where it was meant to go, or not at all."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follows nothing."""


def post(settings: SlackSettings, message: Message) -> None:
    """Posts one message; tried three times where the receiver is down or busy.

    Raises:
        ReceiverError: It was not accepted. The address is not in the error, nor in its causes.
    """
    body = json.dumps(payload(message)).encode()
    retrying = Retrying(
        stop=stop_after_attempt(_ATTEMPTS),
        wait=_wait,
        retry=retry_if_exception_type(_TryLaterError),
        reraise=True,
    )
    retrying(_post_once, settings.webhook_url, body)


def payload(message: Message) -> dict[str, Any]:
    """The message as blocks, and as text for notifications; everything from outside is escaped."""
    blocks: list[dict[str, Any]] = [
        {
            "type": "header",
            "text": {
                "type": "plain_text",
                "text": _cut(
                    harmless(f"{_ICONS.get(message.severity, '')} {message.title}"), _HEADER
                ),
                "emoji": False,
            },
        }
    ]
    blocks += [_section(f"*{name}*\n{_fact(name, text)}") for name, text in message.facts]
    blocks += [_section(f"• {escape(line)}") for line in message.lines]
    if len(blocks) > _BLOCKS:
        left = len(blocks) - _BLOCKS + 1
        blocks = [*blocks[: _BLOCKS - 1], _section(f"and {left} more: `valueops alerts list`")]
    return {"text": escape(message.title), "blocks": blocks}


def escape(text: str) -> str:
    """Text that mentions nobody and formats nothing.

    Args:
        text: Anything; names may come from a billing tag.
    """
    told = harmless(" ".join(text.split()))
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        told = told.replace(sign, entity)
    return told


def _fact(name: str, text: str) -> str:
    if name in ("See the rows", "Known already?"):
        # A backtick would end the code; commands for a shell need none.
        return f"`{escape(text).replace('`', chr(39))}`"
    return escape(text)


def _section(text: str) -> dict[str, Any]:
    # verbatim: Slack makes no links and mentions of its own from names.
    return {
        "type": "section",
        "text": {"type": "mrkdwn", "text": _cut(text, _TEXT), "verbatim": True},
    }


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _post_once(url: str, body: bytes) -> None:
    opener = urllib.request.build_opener(_NoRedirect)
    request = urllib.request.Request(  # noqa: S310 (settings let http and https pass only)
        url, data=body, headers={"Content-Type": "application/json; charset=utf-8"}, method="POST"
    )
    try:
        opener.open(request, timeout=_TIMEOUT_S).close()
        return
    except urllib.error.HTTPError as error:
        error.close()
        told = f"Slack webhook answered {error.code}"
        is_later = error.code == 429 or error.code >= 500
        problem = _TryLaterError(told, _seconds(error)) if is_later else ReceiverError(told)
    except (OSError, ValueError) as error:
        # Only its kind: texts of these errors may hold the address.
        reason = getattr(error, "reason", error)
        problem = _TryLaterError(f"Slack webhook cannot be reached ({type(reason).__name__})")
    # Outside of the handler: no cause that holds the address hangs on it.
    raise problem


def _seconds(error: urllib.error.HTTPError) -> float | None:
    value = error.headers.get("Retry-After", "") if error.headers else ""
    return float(value) if value.isdecimal() else None


_backoff: Callable[[RetryCallState], float] = wait_exponential_jitter(initial=1, max=8, jitter=1)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    after = error.after_s if isinstance(error, _TryLaterError) else None
    return min(after, _LONGEST_WAIT_S) if after is not None else _backoff(state)
