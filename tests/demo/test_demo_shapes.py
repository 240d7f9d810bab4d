"""Demand and lengths against what was measured, and the constants against the data themselves."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ingestion.demo import shapes
from ingestion.demo.calendar import Calendar
from ingestion.demo.company import streams
from ingestion.demo.demand import hourly_calls

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real data are not here")


def test_conversation_calls_follow_the_measured_week(demo):
    calls = demo.calls[demo.calls["endpoint"] == "support-copilot"]
    hour = calls["timestamp"].dt.floor("h")
    hourly = calls.groupby(hour)["request_count"].sum().sort_index()
    hour_of_week = hourly.index.dayofweek * 24 + hourly.index.hour
    expected = shapes.CONVERSATION_WEEK[hour_of_week]
    assert np.corrcoef(hourly, expected)[0, 1] > 0.95


def test_both_versions_together_serve_the_whole_demand():
    calendar = Calendar(90)
    cast = {stream.name: stream for stream in streams(calendar)}
    both = sum(hourly_calls(cast[name], calendar, 7) for name in ("chat-v1", "chat-v2"))
    assert np.mean(both) == pytest.approx(16_600, rel=0.05)
    assert not hourly_calls(cast["chat-v2"], calendar, 7)[: calendar.chat_v2_start * 24].any()


def test_the_batch_stream_is_bursty_and_has_no_season():
    calendar = Calendar(1000)
    batch = next(s for s in streams(calendar) if s.name == "docs-batch")
    hourly = hourly_calls(batch, calendar, 7)
    assert np.mean(hourly) == pytest.approx(250, rel=0.1)
    assert (hourly == 0).mean() == pytest.approx(0.476, abs=0.03)
    assert np.quantile(hourly, 0.99) / np.mean(hourly) == pytest.approx(13.9, rel=0.2)
    for lag in (24, 168):
        assert abs(np.corrcoef(hourly[lag:], hourly[:-lag])[0, 1]) < 0.1


def test_single_calls_have_the_measured_lengths(demo):
    calls = demo.calls[demo.calls["endpoint"] == "summarize"]
    logs = np.log(calls[["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"]])
    assert logs.mean().to_list() == pytest.approx(
        [shapes.INPUT_LOG_MEAN + np.log(6.0), shapes.OUTPUT_LOG_MEAN + np.log(2.5)], abs=0.06
    )
    assert logs.std().to_list() == pytest.approx(
        [shapes.INPUT_LOG_SD, shapes.OUTPUT_LOG_SD], abs=0.05
    )


@needs_data
def test_the_week_and_the_bursts_are_those_of_burstgpt():
    hours = pd.read_csv(DATA / "burstgpt-hourly" / "burstgpt_hourly_d00-44.csv")
    hour_of_week = (hours["day"] + 2) % 7 * 24 + hours["hour"]
    week = hours.groupby(hour_of_week)["requests_conversation"].mean()
    assert np.allclose(week / week.mean(), shapes.CONVERSATION_WEEK, atol=0.0051)
    calls = hours["requests_api"].to_numpy()
    busy = calls > 0
    assert busy[1:][busy[:-1]].mean() == pytest.approx(shapes.BUSY_AFTER_BUSY, abs=5e-4)
    assert busy[1:][~busy[:-1]].mean() == pytest.approx(shapes.BUSY_AFTER_SILENT, abs=5e-4)
    levels = np.quantile(calls[busy], shapes.BUSY_LEVELS) / calls[busy].mean()
    assert np.allclose(levels, shapes.BUSY_QUANTILES, atol=5.1e-5)


@needs_data
def test_the_lengths_are_those_of_the_azure_trace():
    trace = pd.read_csv(DATA / "azure-llm-2023" / "AzureLLMInferenceTrace_conv.csv")
    logs = np.log(trace[["ContextTokens", "GeneratedTokens"]])
    assert logs.mean().to_list() == pytest.approx(
        [shapes.INPUT_LOG_MEAN, shapes.OUTPUT_LOG_MEAN], abs=5e-4
    )
    assert logs.std().to_list() == pytest.approx(
        [shapes.INPUT_LOG_SD, shapes.OUTPUT_LOG_SD], abs=5e-4
    )
    correlation = logs.corr().iloc[0, 1]
    assert correlation == pytest.approx(shapes.LENGTH_LOG_CORRELATION, abs=5e-4)
