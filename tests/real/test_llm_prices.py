"""A real price list, month by month: as-of prices in which a correction is no price change.

genai-prices by pydantic (MIT), eleven monthly snapshots, read in place. The list dates a price that
changed (`start_date`) and keeps the one before it; a figure that differs from last month's without
a date is the list put right, and holds from the beginning. Each snapshot comes as a new version of
the same file, as a list does that is downloaded again.
"""

from pathlib import Path

import duckdb
import pandas as pd
import pytest
from dbt_runs import DbtHome

from ingestion import SYSTEMS
from ingestion.load import load_system

SNAPSHOTS = (
    Path(__file__).parents[2] / "../shared/data/llm-prices/genai_prices_monthly_snapshots.csv"
)
pytestmark = pytest.mark.skipif(
    not SNAPSHOTS.is_file(), reason=f"real data not here: {SNAPSHOTS} does not exist"
)

DELIVERED = ("2025-06-23", "2025-07-31", "2026-04-30")
# Undated prices hold as long as anybody has asked.
BEGINNING = "2020-01-01"
KEY = ["provider", "provider_model", "effective_from"]
PRICES = ["input_per_mtok", "output_per_mtok", "cache_read_per_mtok", "cache_creation_per_mtok"]


def snapshot(date: str) -> pd.DataFrame:
    """One month's list as `prices/` wants it; prices by time of day are left out."""
    listed = pd.read_csv(SNAPSHOTS, dtype=str, keep_default_na=False)
    listed = listed[(listed["snapshot_date"] == date) & (listed["start_time"] == "")]
    prices = pd.DataFrame(
        {
            "effective_from": listed["start_date"].where(listed["start_date"] != "", BEGINNING),
            "provider": listed["provider"],
            "provider_model": listed["model"],
            "input_per_mtok": listed["input_mtok"],
            "output_per_mtok": listed["output_mtok"],
            "cache_read_per_mtok": listed["cache_read_mtok"],
            "cache_creation_per_mtok": listed["cache_write_mtok"],
        }
    )
    return prices[(prices["input_per_mtok"] != "") | (prices["output_per_mtok"] != "")]


def stated(date: str) -> dict[tuple[str, ...], list[float]]:
    """The list's own prices by provider, model and date.

    What it does not list costs nothing, cached tokens what any input token costs. Names meet in
    lower case, and azure is one of Microsoft's.
    """
    prices = snapshot(date)
    prices["provider"] = prices["provider"].replace("azure", "microsoft")
    prices["provider_model"] = prices["provider_model"].str.lower()
    prices = prices.set_index(KEY)[PRICES].replace("", None).astype(float)
    for cached in PRICES[2:]:
        prices[cached] = prices[cached].fillna(prices["input_per_mtok"])
    # 12 decimals, as money is read
    prices = prices.fillna(0.0).round(12)
    return dict(zip(prices.index, prices.to_numpy().tolist(), strict=True))


@pytest.fixture(scope="module")
def histories(tmp_path_factory):
    """After each delivery: price rows (provider, model, from, before, four prices)."""
    inputs, home = tmp_path_factory.mktemp("inputs"), tmp_path_factory.mktemp("home")
    (inputs / "prices").mkdir()
    dbt, found = DbtHome(home), {}
    for date in DELIVERED:
        snapshot(date).to_csv(inputs / "prices/genai-prices.csv", index=False)
        for system in SYSTEMS if date == DELIVERED[0] else ("prices",):
            load_system(system, inputs, home)
        kinds = ("--resource-types", "seed", "model")
        results = dbt.run("build", "--select", "+stg_prices__token_prices", *kinds)
        assert [r.name for r in results if r.status != "success"] == []
        with duckdb.connect(dbt.build, read_only=True) as connection:
            found[date] = connection.sql(
                "select provider_key, provider_model, cast(valid_from as varchar), "
                f"cast(valid_before as varchar), {', '.join(PRICES)} "
                "from staging.stg_prices__token_prices"
            ).fetchall()
    return found


def price(history: list[tuple], provider: str, model: str, day: str) -> list[float]:
    rows = [r for r in history if r[:2] == (provider, model) and r[2] <= day < r[3]]
    assert len(rows) == 1, rows
    return [float(p) for p in rows[0][4:]]


@pytest.mark.parametrize("date", DELIVERED)
def test_every_price_is_the_list_s_own(histories, date):
    staged = {row[:3]: [float(p) for p in row[4:]] for row in histories[date]}
    assert staged == stated(date)
    assert len(staged) > 700


def test_a_dated_change_is_a_price_change(histories):
    """OpenAI cut o3 from 10 / 40 to 2 / 8 USD on 2025-06-10, and the list says so from July on."""
    before, after = histories["2025-06-23"], histories["2025-07-31"]
    assert price(before, "openai", "o3", "2025-06-09") == price(
        before, "openai", "o3", "2025-07-01"
    )
    assert price(after, "openai", "o3", "2025-06-09")[:2] == [10.0, 40.0]
    assert price(after, "openai", "o3", "2025-06-10")[:2] == [2.0, 8.0]


def test_a_list_correction_is_no_price_change(histories):
    """Figures that differ without a date replace the old ones on every day, and add no period."""
    first, second = stated("2025-06-23"), stated("2025-07-31")
    corrected = [
        key
        for key in first.keys() & second.keys()
        if first[key] != second[key] and key[2] == BEGINNING
    ]
    assert len(corrected) > 30
    periods = {}
    for row in histories["2025-07-31"]:
        periods.setdefault(row[:2], []).append(row)
    for provider, model, _ in corrected:
        dated = [key for key in second if key[:2] == (provider, model)]
        assert len(periods[provider, model]) == len(dated)
        for day in ("2025-01-01", "2025-06-01"):
            expected = second[provider, model, BEGINNING]
            assert price(histories["2025-07-31"], provider, model, day) == expected


def test_only_dated_models_have_more_than_one_price(histories):
    counts = pd.Series([row[:2] for row in histories["2026-04-30"]]).value_counts()
    assert set(counts[counts > 1].index) == {
        ("anthropic", "claude-opus-4-6"),
        ("anthropic", "claude-sonnet-4-6"),
        ("openai", "o3"),
    }
