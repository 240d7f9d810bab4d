"""One small demo company, read back with csv and Decimal only, as a stranger would read it."""

import csv
import gzip
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyarrow.dataset as ds
import pytest

from ingestion.demo import write_demo

DAYS = 8


@dataclass(frozen=True)
class Demo:
    """A written demo and its parts."""

    folder: Path

    @cached_property
    def truth(self) -> dict:
        return json.loads((self.folder / "truth.json").read_text())

    @cached_property
    def bill(self) -> list[dict[str, str]]:
        """Every billing row of every file, NULL and empty as empty text."""
        rows = []
        for path in sorted((self.folder / "billing").rglob("*.csv*")):
            for row in self.csv(path):
                texts = {name: "" if text == "NULL" else text for name, text in row.items()}
                rows.append(
                    {"ResourceId": "", "ResourceName": ""} | texts | {"Month": path.parent.name}
                )
        return rows

    @cached_property
    def calls(self) -> pd.DataFrame:
        """Every request row; `request_count` is 1 where the file has none."""
        frames = [
            pd.read_parquet(path) for path in sorted((self.folder / "llm_requests").glob("*"))
        ]
        calls = pd.concat(frames, ignore_index=True)
        return calls.assign(request_count=calls["request_count"].fillna(1).astype("int64"))

    @cached_property
    def samples(self) -> pd.DataFrame:
        return ds.dataset(self.folder / "gpu_metrics").to_table().to_pandas()

    def table(self, name: str) -> list[dict[str, str]]:
        return self.csv(self.folder / name)

    @cached_property
    def token_prices(self) -> dict[tuple[str, str], dict[str, str]]:
        """Token price rows by provider model and effective date; the later list puts right."""
        return {
            (row["provider_model"], row["effective_from"][:10]): row
            for path in sorted((self.folder / "prices").glob("prices-*.csv"))
            for row in self.csv(path)
        }

    @cached_property
    def usd_rates(self) -> dict[str, Decimal]:
        """US dollars per euro by day of fixing."""
        rows = self.csv(self.folder / "currency/ecb-reference-rates.csv")
        return {row["date"]: Decimal(row["usd_rate"]) for row in rows}

    def usd(self, row: dict[str, str]) -> Decimal:
        """Effective cost of a billing row in US dollars, at the latest rate on or before it."""
        cost = Decimal(row["EffectiveCost"])
        if row["BillingCurrency"] == "USD":
            return cost
        day = max(day for day in self.usd_rates if day <= row["ChargePeriodStart"][:10])
        return cost * self.usd_rates[day]

    @staticmethod
    def csv(path: Path) -> list[dict[str, str]]:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def _written(tmp_path_factory: pytest.TempPathFactory, **arguments: float) -> Demo:
    folder = tmp_path_factory.mktemp("demo") / "company"
    write_demo(folder, seed=7, **arguments)
    return Demo(folder)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return _written(tmp_path_factory, days=DAYS, scale=1 / 6)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A company in whose window every effect fits."""
    return _written(tmp_path_factory, days=60, scale=1 / 12)


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Its clean twin."""
    return _written(tmp_path_factory, days=60, scale=1 / 12, clean=True)
