"""Other worlds, whose difference is known by hand."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import worlds

from forecasts.capacity import what_if
from forecasts.capacity.asked import Asked, factor, named
from forecasts.capacity.changes import changed
from forecasts.capacity.moves import Moves
from forecasts.frames import QUANTILES
from forecasts.queueing import servers_for_wait

NO_SPOT = replace(worlds.PRICES, spot=None, commitments=worlds.PRICES.commitments)
NAMES = ["NVIDIA-A100-SXM4-80GB", "NVIDIA-H100-80GB-HBM3", "NVIDIA-H200"]


def of(serving: np.ndarray, name: str = "H100", **more):
    return replace(worlds.situation(worlds.demand(serving), NO_SPOT, **more), accelerator=name)


def test_half_more_traffic_by_hand():
    """1 to 24 become 1.5 to 36: 15 reserved become 23 (22.5), 45 GPU-hours on top a day 72."""
    before = of(worlds.by_hour_of_day())
    after = before.but(lambda demand: what_if.more_traffic(demand, 1.5))
    month, year = what_if.compare(before, after)
    assert (month.before.plan.reserved, month.after.plan.reserved) == (15, 23)
    # 24, 25.5, 27, ... 36 come whole: 1, 3, 4, 6, 7, 9, 10, 12, 13 above 23.
    on_top = (1 + 3 + 4 + 6 + 7 + 9 + 10 + 12 + 13) - 45
    assert month.cost_usd == Decimal(8 * 672) + Decimal("2.5") * on_top * 28
    assert year.after.plan.reserved == 23


def test_jobs_are_no_traffic():
    demand = worlds.demand(np.full(48, 4.0), np.full(48, 3.0))
    assert what_if.more_traffic(demand, 2.0).total[0, 0] == pytest.approx(11.0)


def test_a_launch_ramps_from_its_day():
    demand = worlds.demand(np.full(24 * 20, 4.0))
    on = worlds.START + pd.Timedelta(days=10)
    after = what_if.launch(demand, on, gpus=6.0, ramp_days=2.0).serving[:, 0]
    assert (after[: 24 * 10] == 4.0).all()
    assert after[24 * 10 + 23] == pytest.approx(4.0 + 3.0)
    assert after[24 * 12 :] == pytest.approx(np.full(24 * 8, 10.0))


def test_a_launch_follows_the_day_of_what_is_served():
    demand = worlds.demand(worlds.by_hour_of_day(24 * 7))
    after = what_if.launch(demand, worlds.START, gpus=12.5, ramp_days=0.0).serving[:, 0]
    assert after == pytest.approx(2.0 * worlds.by_hour_of_day(24 * 7))


def moves(model_gpus: float) -> Moves:
    """chat has a constant demand on A100, where the price list knows 1,000 against 2,500 tokens."""
    ds = worlds.hours()
    forecast = pd.DataFrame({"ds": ds, "unique_id": "chat/v1//c/A100"}).assign(
        **dict.fromkeys(QUANTILES, model_gpus)
    )
    throughputs = pd.DataFrame(
        [
            ("chat", "a100", 1000.0),
            ("chat", "H100", 2500.0),
            (None, "A100", 900.0),
            (None, "L40S", 450.0),
            ("rank", "A100", 9000.0),
        ],
        columns=["model_name", "accelerator", "tokens_per_second"],
    )
    return Moves(forecast, throughputs)


def test_a_moved_model_needs_fewer_faster_gpus():
    """10 of 30 GPUs leave A100 and become 10 x 1000 / 2500 = 4 on H100."""
    known = {name: of(np.full(672, gpus), name) for name, gpus in (("A100", 30.0), ("H100", 5.0))}
    after = changed(known, Asked(moves=(("chat", "H100"),)), moves(10.0), {})
    planned = {name: what_if.compare(known[name], after[name])[0] for name in known}
    assert planned["A100"].after.plan.reserved == 20
    assert planned["H100"].after.plan.reserved == 9
    total = sum(difference.cost_usd for difference in planned.values())
    assert total == Decimal((-10 + 4) * 672)


def test_throughputs_are_compared_line_by_like_line():
    lines = moves(1.0)
    assert lines.throughput_pair("chat", "A100", "H100") == (1000.0, 2500.0)
    # chat has no line on L40S: any model on both, not chat's 1,000 against any's 450.
    assert lines.throughput_pair("chat", "A100", "L40S") == (900.0, 450.0)
    with pytest.raises(ValueError, match="does not say what rank does"):
        lines.throughput_pair("rank", "A100", "H100")


def test_waiting_takes_the_gpus_of_the_queue():
    loads = np.array([0.0, 0.4, 2.0, 7.3, 31.0])
    demand = worlds.demand(np.tile(loads, 10))
    after = what_if.waiting_at_most(demand, service_s=2.0, wait_s=0.5).serving[:5, 7]
    assert after.tolist() == servers_for_wait(loads, 2.0, 0.5).tolist()
    assert after[0] == 0.0
    assert (after[1:] > loads[1:]).all()


def test_what_a_person_writes():
    asked = Asked.parse("+50%", ["h100=8@2026-07-10"], ["Chat=a100"], 2.0, NAMES)
    assert asked.traffic == 1.5
    assert asked.launches == ((NAMES[1], 8.0, pd.Timestamp("2026-07-10")),)
    assert asked.moves == (("chat", NAMES[0]),)
    assert asked.is_anything and not Asked.parse(None, [], [], None, NAMES).is_anything
    for word in ("x 1.5", "8 GPUs", "chat on", "2 s"):
        assert word in asked.in_words()
    assert [factor(text) for text in ("-20%", "2", None)] == pytest.approx([0.8, 2.0, 1.0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("much", [], []), "traffic is a change"),
        (("-150%", [], []), "traffic is a change"),
        ((None, ["h100@now"], []), "a launch is"),
        ((None, [], ["chat"]), "a move is"),
        ((None, [], ["chat=h"]), "no one accelerator"),
    ],
)
def test_what_cannot_be_read(arguments, message):
    with pytest.raises(ValueError, match=message):
        Asked.parse(*arguments, None, NAMES)


def test_an_unknown_model_is_an_error():
    known = {"A100": of(np.full(672, 30.0), "A100"), "H100": of(np.full(672, 5.0))}
    with pytest.raises(ValueError, match="no forecast of nobody"):
        changed(known, Asked(moves=(("nobody", "H100"),)), moves(1.0), {})
    with pytest.raises(ValueError, match="no one accelerator"):
        named("B200", NAMES)
