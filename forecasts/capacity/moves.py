"""A model's own demand, and what it would need on another accelerator."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.frames import QUANTILES, WEEK_HOURS, FloatArray
from forecasts.totals import TOTAL_PREFIX, total_of

_COLUMNS = list(QUANTILES)


@dataclass(frozen=True)
class Moves:
    """What moving a model needs.

    Attributes:
        forecast: Champions' rows of `FORECAST_COLUMNS` with the measure gpus.
        throughputs: model_name (null: any), accelerator, tokens_per_second of the price list.
    """

    forecast: pd.DataFrame
    throughputs: pd.DataFrame

    def sources(self, model: str) -> dict[str, FloatArray]:
        """(168, 5) GPUs of a model by hour of the week, by the accelerator that it runs on.

        Quantiles of several versions or endpoints are added: an upper bound, exact for one.
        """
        ids = self.forecast["unique_id"].astype(str)
        rows = self.forecast[ids.str.startswith(f"{model}/")]
        totals = rows["unique_id"].map(
            {name: total_of(name) for name in rows["unique_id"].unique()}
        )
        found: dict[str, FloatArray] = {}
        for total, part in rows.groupby(totals):
            summed = part.groupby("ds")[_COLUMNS].sum()
            ds = pd.DatetimeIndex(summed.index)
            week = summed.groupby(ds.dayofweek * 24 + ds.hour).mean()
            found[str(total).removeprefix(TOTAL_PREFIX)] = (
                week.reindex(range(WEEK_HOURS)).fillna(0.0).to_numpy(dtype=np.float64)
            )
        return found

    def throughput_pair(self, model: str, source: str, target: str) -> tuple[float, float]:
        """Tokens per second of the model on both accelerators, by the same kind of line.

        Lines of the model on both, else lines for any model on both: a line of one model and
        another for any cannot be compared.

        Raises:
            ValueError: The price list has neither pair.
        """
        models = self.throughputs["model_name"]
        for lines in (self.throughputs[models == model], self.throughputs[models.isna()]):
            names = lines["accelerator"].str.lower()
            by_name = dict(zip(names, lines["tokens_per_second"], strict=True))
            pair = by_name.get(source.lower()), by_name.get(target.lower())
            if pair[0] and pair[1]:
                return float(pair[0]), float(pair[1])
        raise ValueError(
            f"the price list does not say what {model} does on {source} and on {target}"
        )
