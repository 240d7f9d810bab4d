"""What is not seasonal is a process: bursts, how often, how long, how high, and what they do.

An hour is a burst when its demand lies above what the same hour usually asks for by a margin that
is rare, robust and large (`season`). Hours close together are one event (`events`). Events begin
at a rate that knows hour, weekday and the last days (`rates`) and go as high as a generalised
Pareto tail says (`sizes`). Simulated on top of a forecast (`paths`) they give the risk of each day
(`risk`).
"""

from forecasts.bursts.door import daily_burst_risk
from forecasts.bursts.process import BurstProcess, burst_probabilities, fit_bursts
from forecasts.bursts.risk import BURST_COLUMNS, burst_risk, lift

__all__ = [
    "BURST_COLUMNS",
    "BurstProcess",
    "burst_probabilities",
    "burst_risk",
    "daily_burst_risk",
    "fit_bursts",
    "lift",
]
