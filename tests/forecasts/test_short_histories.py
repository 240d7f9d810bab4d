"""Any length of history, from a single hour, gets an honest forecast from every model."""

import numpy as np
import pandas as pd
import pytest
from series import END, history, planted

from forecasts import QUANTILES, forecast_demand
from forecasts.models import default_forecasters


@pytest.mark.parametrize("hours", [1, 2, 5, 23, 25, 49, 72, 100, 170, 340])
def test_every_model_forecasts_a_history_of_so_many_hours(hours):
    made = forecast_demand(history({"a": planted(hours)}), END, horizon_hours=50)
    assert set(made.forecasts["model"]) == {model.name for model in default_forecasters()}
    values = made.forecasts[list(QUANTILES)].to_numpy()
    assert np.isfinite(values).all() and (values >= 0).all()
    assert (np.diff(values, axis=1) >= 0).all()
    # demand lies between 300 and 1,700
    assert made.forecasts["y_p50"].between(250, 1_750).all()
    assert made.forecasts.groupby("ds")["is_champion"].sum().eq(1).all()


def test_a_young_series_beside_an_old_one():
    both = history({"old": planted(600), "young": planted(3, start=597)})
    made = forecast_demand(both, END, horizon_hours=24)
    young = made.forecasts.query("unique_id == 'young' and is_champion")
    assert len(young) == 24
    assert young["y_p50"].between(250, 1_750).all()
    assert pd.notna(young["champion_reason"]).all()
