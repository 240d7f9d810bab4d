"""Which series, measure and model a person means."""

import difflib

import pandas as pd

from pipelines.errors import UserError

MEASURES = ("gpus", "tokens", "requests")
_MOST_NAMED = 5


def series_meant(wanted: str, names: list[str]) -> str:
    """Find the one series meant.

    Args:
        wanted: A name in any case, or an accelerator's for its total.
        names: The series that there are.

    Raises:
        UserError: There is none of that name; the message lists the nearest.
    """
    if not names:
        raise UserError("the warehouse knows no demand; see: valueops doctor")
    by_lower = {name.lower(): name for name in names}
    key = wanted.strip().lower()
    found = by_lower.get(key) or by_lower.get(f"accelerator:{key}")
    if found is not None:
        return found
    near = [name for lower, name in by_lower.items() if key and key in lower]
    if not near:
        close = difflib.get_close_matches(key, by_lower, n=_MOST_NAMED, cutoff=0.3)
        near = [by_lower[name] for name in close] or names
    listed = ", ".join(near[:_MOST_NAMED])
    more = f" and {len(near) - _MOST_NAMED} more" if len(near) > _MOST_NAMED else ""
    raise UserError(f"there is no series {wanted}; the nearest: {listed}{more}")


def measure_meant(
    wanted: str | None, unique_id: str, history: pd.DataFrame, published: pd.DataFrame
) -> str:
    """Find the measure meant, or the first that the series has.

    Args:
        wanted: Its name, or None.
        unique_id: The series.
        history: A column per measure, NaN where unknown.
        published: The published forecasts, with column measure.

    Raises:
        UserError: The series has no such measure.
    """
    forecast = set(published["measure"].unique())
    there = [m for m in MEASURES if m in forecast or history[m].notna().any()]
    if not there:
        raise UserError(f"nothing is known of {unique_id}")
    if wanted is None:
        return there[0]
    if wanted.lower() not in there:
        raise UserError(f"{unique_id} has no measure {wanted}; it has {', '.join(there)}")
    return wanted.lower()


def model_meant(wanted: str | None, forecasts: pd.DataFrame) -> str:
    """Find the model meant, or the champion.

    Args:
        wanted: Its name, spelt with blanks or dashes if need be, or None.
        forecasts: Columns model and is_champion.

    Raises:
        UserError: No forecast is by that model.
    """
    champion = str(forecasts.loc[forecasts["is_champion"], "model"].iloc[0])
    if wanted is None:
        return champion
    name = wanted.strip().lower().replace("-", "_").replace(" ", "_")
    there = sorted(str(model) for model in forecasts["model"].unique())
    if name not in there:
        raise UserError(f"there is no forecast by {wanted}; there are: {', '.join(there)}")
    return name
