"""What lies behind an error: whether it is worth another try, and how to say it in one line."""

import errno
from collections.abc import Iterator

_TRANSIENT_ERRNO = frozenset({errno.EAGAIN, errno.EBUSY, errno.EINTR, errno.ESTALE, errno.ETXTBSY})
# Libraries name these without sharing a base class, and not all of them are installed everywhere.
_TRANSIENT_NAMES = ("Transient", "Timeout", "Connection", "Throttl", "ServerError", "SlowDown")


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what caused it, what caused that, and so on."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def is_transient(error: BaseException) -> bool:
    """Whether an error, or one that caused it, may go away by itself."""
    return any(_may_pass(cause) for cause in causes(error))


def in_one_line(error: BaseException) -> str:
    """The first cause, its kind and its first line: what a user needs to read."""
    first = list(causes(error))[-1]
    lines = (line.strip() for line in str(first).splitlines())
    told = next((line for line in lines if line), "")
    return f"{type(first).__name__}: {told}" if told else type(first).__name__


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, ConnectionError | TimeoutError):
        return True
    if isinstance(error, OSError) and error.errno in _TRANSIENT_ERRNO:
        return True
    return any(part in type(error).__name__ for part in _TRANSIENT_NAMES)
