"""`valueops subscriptions`: what is subscribed to, and sending it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from pipelines.alerts.receivers import ReceiverError
from pipelines.errors import UserError
from pipelines.home import HomePaths
from pipelines.subscriptions.deliver import deliver, shown
from pipelines.subscriptions.files import Press, ReportFile
from pipelines.subscriptions.settings import Subscription, read_subscriptions

_NONE = (
    "nothing is subscribed to: add [subscriptions.<name>] with to = "
    '"mail:...", "folder:..." or "s3://..." to .dlt/config.toml (docs/subscriptions.md)'
)


@dataclass(frozen=True)
class Delivery:
    """What came of one subscription.

    Attributes:
        name: Of the subscription.
        done: One line per address that got its files.
        problems: One line per address or file that did not work.
    """

    name: str
    done: tuple[str, ...]
    problems: tuple[str, ...]


def list_subscriptions(out: TextIO) -> None:
    """Writes one line per subscription.

    Raises:
        UserError: There is none, or one makes no sense.
    """
    for each in _wanted(None):
        to = ", ".join(map(shown, each.to))
        out.write(f"{each.name}: {', '.join(each.reports)} as {', '.join(each.formats)} to {to}\n")


def send(paths: HomePaths, name: str | None, out: TextIO) -> None:
    """Renders the published warehouse and delivers.

    Args:
        paths: The home folder.
        name: One subscription; all when None.
        out: Where to say what was delivered.

    Raises:
        UserError: There is nothing to send, or something could not be delivered; the rest was.
    """
    problems = []
    for delivery in send_all(paths, _wanted(name)):
        for line in delivery.done:
            out.write(f"{delivery.name}: {line}\n")
        problems += [f"{delivery.name}: {problem}" for problem in delivery.problems]
    if problems:
        raise UserError("; ".join(problems))


def send_all(paths: HomePaths, subscriptions: Sequence[Subscription]) -> list[Delivery]:
    """Delivers each; what fails for one does not keep the others waiting.

    Raises:
        WarehouseUnreadableError: There is no warehouse.
    """
    press = Press.of(paths.warehouse)
    return [_send(press, subscription) for subscription in subscriptions]


def _send(press: Press, subscription: Subscription) -> Delivery:
    files: list[ReportFile] = []
    done, problems = [], []
    for extension in subscription.formats:
        for report in subscription.reports:
            try:
                files.append(press.make(report, extension, subscription.reports))
            except UserError as error:
                problems.append(f"{report}.{extension} was not made: {error}")
    for to in subscription.to:
        if not files:
            break
        try:
            deliver(to, files, press.as_of)
        except (ReceiverError, UserError) as error:
            problems.append(str(error))
        else:
            done.append(f"{', '.join(file.name for file in files)} to {shown(to)}")
    return Delivery(subscription.name, tuple(done), tuple(dict.fromkeys(problems)))


def _wanted(name: str | None) -> list[Subscription]:
    found = read_subscriptions()
    if not found:
        raise UserError(_NONE)
    if name is None:
        return found
    chosen = [each for each in found if each.name == name]
    if not chosen:
        known = ", ".join(each.name for each in found)
        raise UserError(f"there is no subscription {name}; there are {known}")
    return chosen
