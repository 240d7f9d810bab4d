"""Demand and lengths against what was measured, and the constants against the data themselves."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ingestion.demo import shapes
from ingestion.demo.calendar import Calendar
from ingestion.demo.company import streams
from ingestion.demo.demand import hourly_calls, length_wander
from ingestion.demo.prices import A10G, A100, BASE, GPU_PRICES, H100, HISTORY

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"real data not here: {DATA}")


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
def test_drawn_calls_are_like_burstgpt_in_season_tail_and_memory():
    hours = pd.read_csv(DATA / "burstgpt-hourly" / "burstgpt_hourly_d00-44.csv")
    calendar = Calendar(1000)
    cast = {stream.name: stream for stream in streams(calendar)}
    drawn = {
        "conversation": hourly_calls(cast["copilot-v1"], calendar, 7)[: 45 * 24],
        "api": hourly_calls(cast["docs-batch"], calendar, 7),
    }
    real = {name: hours[f"requests_{name}"].to_numpy(dtype=float) for name in drawn}

    def memory(calls: np.ndarray, lag: int) -> float:
        return float(np.corrcoef(calls[lag:], calls[:-lag])[0, 1])

    for lag in (24, 168):
        assert memory(drawn["conversation"], lag) > 0.8 and memory(real["conversation"], lag) > 0.4
        assert abs(memory(drawn["api"], lag)) < 0.15 and abs(memory(real["api"], lag)) < 0.15
    assert memory(drawn["api"], 1) == pytest.approx(memory(real["api"], 1), abs=0.2)
    tails = [np.quantile(calls, 0.99) / np.median(calls) for calls in (drawn["api"], real["api"])]
    # the median hour is nearly silent in both
    assert min(tails) > 1_000 and tails[1] / 5 < tails[0] < 5 * tails[1]


@needs_data
def test_mean_lengths_wander_as_those_of_servegen():
    clients = pd.read_csv(DATA / "servegen-hourly" / "servegen_m-small_hourly.csv")
    sums = clients.groupby("hour_index")[["requests", "input_tokens", "output_tokens"]].sum()
    real = [np.log(sums[name] / sums["requests"]) for name in ("input_tokens", "output_tokens")]
    calendar = Calendar(1000)
    batch = next(s for s in streams(calendar) if s.name == "docs-batch")
    drawn = [pd.Series(np.log(f)) for f in length_wander(batch, calendar, 7)]
    for logs in (real, drawn):
        for kind in logs:
            assert kind.std() == pytest.approx(shapes.LENGTH_WANDER_SD, abs=0.005)
            assert kind.autocorr(1) == pytest.approx(shapes.LENGTH_WANDER_AUTOCORRELATION, abs=0.01)
        assert logs[0].corr(logs[1]) == pytest.approx(shapes.LENGTH_WANDER_CORRELATION, abs=0.01)


@needs_data
def test_as_many_gpus_idle_as_in_helios(whole):
    clusters = pd.read_csv(DATA / "helios-earth-vc" / "helios_earth_vc_5min_2020-05.csv.gz")
    idle = clusters["idle_gpu_num"].sum() / clusters["total_gpu_num"].sum()
    assert idle == pytest.approx(shapes.IDLE_SHARE, abs=5e-4)
    samples = whole.samples
    late = samples[(samples["accelerator"] == A100) & (samples["timestamp"] >= "2026-06-01")]
    ours = (late["DCGM_FI_PROF_GR_ENGINE_ACTIVE"] < 0.15).mean()
    assert ours == pytest.approx(idle, abs=0.03)


@needs_data
def test_token_prices_and_their_change_are_those_of_the_list():
    lists = pd.read_csv(DATA / "llm-prices" / "genai_prices_monthly_snapshots.csv")
    columns = ["input_mtok", "output_mtok", "cache_read_mtok"]

    def listed(provider: str, model: str) -> pd.DataFrame:
        of_model = lists[
            (lists["provider"] == provider) & lists["model"].isin([model, f"{model}-0"])
        ]
        return of_model[of_model["snapshot_date"] == of_model["snapshot_date"].max()]

    for price in BASE:
        provider = "azure" if price.provider == "azure-openai" else price.provider
        newest = listed(provider, price.model)[columns].iloc[-1].to_list()
        assert newest == [float(x) for x in (price.input, price.output, price.cache_read)]
    (was_from, was), (since, now) = HISTORY
    o3 = listed("openai", was.model).sort_values("start_date", na_position="first")
    assert o3["start_date"].iloc[-1] == since[:10] > was_from
    for row, price in zip(o3.itertuples(), (was, now), strict=True):
        assert (row.input_mtok, row.output_mtok) == (float(price.input), float(price.output))


@needs_data
@pytest.mark.parametrize(
    ("accelerator", "name"), [(H100, "H100"), (A100, "A100 (80 GB)"), (A10G, "A10G")]
)
def test_gpu_prices_lie_within_what_clouds_ask(accelerator, name):
    clouds = pd.read_csv(DATA / "gpu-prices" / "cloud-gpus.csv")
    asked = clouds[clouds["GPU Type"].str.contains(name, regex=False)]["Per-GPU"]
    price = next(p for p in GPU_PRICES if p.accelerator == accelerator)
    assert asked.min() <= float(price.on_demand) <= asked.quantile(0.75)
    assert float(price.spot) < float(price.reserved_1y) < float(price.on_demand)


@needs_data
def test_the_bill_has_the_dirt_of_real_ones(demo):
    real = pd.read_csv(
        DATA / "focus-sample" / "focus_sample_1000_v1.0.csv", keep_default_na=False, dtype=str
    )
    ours = pd.DataFrame(demo.bill)
    for bill in (real, ours):
        azure = bill[bill["ProviderName"] == "Microsoft"]
        cost = azure["BilledCost"].astype(float)
        usage = azure["ChargeCategory"] == "Usage"
        assert (cost[usage] < 0).any() and (cost == 0).any() and (cost[cost > 0] < 0.01).any()
        assert set(azure["ServiceName"]) >= {"Azure Machine Learning", "Storage Accounts"}
        assert azure["Tags"].str.contains("CostCenter").any()
        aws = bill[bill["ProviderName"] == "AWS"]
        assert (aws["BilledCost"].astype(float) == 0).mean() > 0.03
    raw = (demo.folder / "billing/2026-06/aws.csv").read_text()
    assert "NULL" in set(real["CommitmentDiscountId"]) and ",NULL," in raw
    assert "Id" in real.columns and '"Id"' in raw.splitlines()[0]
    assert not real["ChargePeriodStart"].str.contains("Z").any()


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
