"""What was told to whom, and what is silenced: one small file in HOME/alerts."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.alerts.events import Alert
from pipelines.errors import UserError

_VERSION = 1


@dataclass
class Told:
    """What a receiver was told of an event: when, and the money then."""

    at: str
    amount_usd: str | None

    @property
    def amount(self) -> Decimal:
        """0 where no money was named."""
        return Decimal(self.amount_usd or 0)


@dataclass
class Record:
    """One event's story.

    Attributes:
        first_seen: When it was first seen open, ISO, UTC.
        closed_at: When it was gone; None while open.
        times_opened: 1, and one more each time it came back.
        told: By receiver.
    """

    first_seen: str
    closed_at: str | None = None
    times_opened: int = 1
    told: dict[str, Told] = field(default_factory=dict)


@dataclass(frozen=True)
class Silence:
    """Somebody wants to hear nothing of an event.

    Attributes:
        alert_key: The event.
        until: Last UTC day, included.
        reason: Why.
        by: Who.
        at: When it was said, ISO, UTC.
    """

    alert_key: str
    until: date
    reason: str
    by: str
    at: str


@dataclass
class State:
    """All that is remembered between sendings.

    Attributes:
        records: By alert key.
        silences: Oldest first; the newest of a key counts.
        blocked: Events of the last refresh, where a check stopped it.
    """

    records: dict[str, Record] = field(default_factory=dict)
    silences: list[Silence] = field(default_factory=list)
    blocked: list[Alert] = field(default_factory=list)

    def silence_of(self, alert_key: str, today: date) -> Silence | None:
        """The silence in force on a day."""
        said = [silence for silence in self.silences if silence.alert_key == alert_key]
        return said[-1] if said and said[-1].until >= today else None


@contextmanager
def changing(folder: Path) -> Iterator[State]:
    """Reads the state, and writes it back at the end unless an error is raised.

    One process at a time; others wait. The file is replaced in one step.

    Args:
        folder: HOME/alerts; made where it is missing.

    Raises:
        UserError: The file is not one that this version wrote.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = read(folder)
        yield state
        save(folder, state)


def save(folder: Path, state: State) -> None:
    """Puts the file in place in one step; for whoever is inside of `changing`."""
    half = folder / "state.json.part"
    half.write_text(json.dumps(_as_json(state), indent=1) + "\n", encoding="utf-8")
    half.replace(folder / "state.json")


def read(folder: Path) -> State:
    """The state as it is; empty where nothing was ever told.

    Raises:
        UserError: The file is not one that this version wrote.
    """
    path = folder / "state.json"
    if not path.exists():
        return State()
    try:
        return _from_json(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{path} cannot be read ({error}); move it away, and every open alert is told anew"
        ) from error


def _as_json(state: State) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "records": {key: asdict(record) for key, record in sorted(state.records.items())},
        "silences": [asdict(each) | {"until": each.until.isoformat()} for each in state.silences],
        "blocked": [alert.as_json() for alert in state.blocked],
    }


def _from_json(data: dict[str, Any]) -> State:
    if data["version"] != _VERSION:
        raise ValueError(f"version {data['version']}, not {_VERSION}")
    return State(
        records={
            key: Record(
                **record | {"told": {name: Told(**told) for name, told in record["told"].items()}}
            )
            for key, record in data["records"].items()
        },
        silences=[
            Silence(**each | {"until": date.fromisoformat(each["until"])})
            for each in data["silences"]
        ],
        blocked=[Alert.from_json(alert) for alert in data["blocked"]],
    )
