"""What-ifs as a person writes them."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

_LAUNCH = re.compile(r"(?P<name>.+)=(?P<gpus>[0-9.]+)@(?P<on>\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Asked:
    """What-ifs that were asked for together.

    Attributes:
        traffic: Factor on requests; 1 leaves them.
        launches: (accelerator, GPUs at full size, day).
        moves: (model, accelerator that it goes to).
        wait_s: 95 % of requests wait at most so long; None: GPUs kept busy.
    """

    traffic: float = 1.0
    launches: tuple[tuple[str, float, pd.Timestamp], ...] = ()
    moves: tuple[tuple[str, str], ...] = ()
    wait_s: float | None = None

    @classmethod
    def parse(
        cls,
        traffic: str | None,
        launches: Sequence[str],
        moves: Sequence[str],
        wait_s: float | None,
        names: Sequence[str],
    ) -> "Asked":
        """Read what a person wrote.

        Args:
            traffic: `+50%`, `-20%`, or a factor.
            launches: `ACCELERATOR=GPUS@YYYY-MM-DD`.
            moves: `MODEL=ACCELERATOR`.
            wait_s: Seconds.
            names: Accelerators; a part of one's name that no other has will do.

        Raises:
            ValueError: It cannot be read, in one line.
        """
        read: list[tuple[str, float, pd.Timestamp]] = []
        for launch in launches:
            found = _LAUNCH.fullmatch(launch)
            if found is None:
                raise ValueError(f"a launch is ACCELERATOR=GPUS@YYYY-MM-DD, not {launch}")
            read.append(
                (named(found["name"], names), float(found["gpus"]), pd.Timestamp(found["on"]))
            )
        went: list[tuple[str, str]] = []
        for move in moves:
            model, _, target = move.rpartition("=")
            if not model:
                raise ValueError(f"a move is MODEL=ACCELERATOR, not {move}")
            went.append((model.strip().lower(), named(target, names)))
        return cls(factor(traffic), tuple(read), tuple(went), wait_s)

    @property
    def is_anything(self) -> bool:
        """Whether the world asked for differs from this one."""
        return self != Asked()

    def in_words(self) -> str:
        """One line."""
        parts = [f"traffic x {self.traffic:g}"] if self.traffic != 1.0 else []
        parts += [f"{gpus:g} GPUs of {name} from {on:%Y-%m-%d}" for name, gpus, on in self.launches]
        parts += [f"{model} on {target}" for model, target in self.moves]
        if self.wait_s is not None:
            parts.append(f"95 % of requests wait at most {self.wait_s:g} s")
        return "What if: " + ", ".join(parts)


def factor(traffic: str | None) -> float:
    """`+50%` is 1.5, `-20%` 0.8, `1.5` itself.

    Raises:
        ValueError: It is none of these, or negative.
    """
    if traffic is None:
        return 1.0
    text = traffic.strip()
    try:
        times = 1.0 + float(text[:-1]) / 100.0 if text.endswith("%") else float(text)
    except ValueError:
        times = -1.0
    if not 0.0 <= times < float("inf"):
        raise ValueError(f"traffic is a change as +50% or a factor as 1.5, not {traffic}")
    return times


def named(part: str, names: Sequence[str]) -> str:
    """The accelerator that a part of a name means.

    Raises:
        ValueError: None has it, or several.
    """
    wanted = part.strip().lower()
    exact = [name for name in names if name.lower() == wanted]
    found = exact or [name for name in names if wanted in name.lower()]
    if len(found) == 1:
        return found[0]
    near = found or difflib.get_close_matches(part, names, n=3, cutoff=0.0)
    raise ValueError(f"{part} is no one accelerator; there are {', '.join(near)}")
