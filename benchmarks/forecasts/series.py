"""The series of the forecast bench: real ones of ../shared/data, or a file of one's own."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

DATA = Path(__file__).parents[2] / "../shared/data"
COLUMNS = ("family", "unique_id", "ds", "y")

#: BurstGPT's day 0 is probably a Wednesday.
_BURSTGPT_START = pd.Timestamp("2024-01-03")
#: ServeGen's start is hidden; a Monday stands for it.
_SERVEGEN_START = pd.Timestamp("2024-01-01")
#: Philly counts fewer nodes than this share of the usual where its collection had a gap.
_PHILLY_COMPLETE = 0.5


def real_series(data: Path = DATA) -> pd.DataFrame:
    """Read every real series.

    Args:
        data: The folder of real data; its README says where each source is from.

    Returns:
        Columns family, unique_id (text), ds (hour, naive), y (requests per hour, GPUs or nodes);
        an hour without a row is unknown. Families whose files are not there are left out.
    """
    found = [read(data / name) for name, read in _READERS.items() if (data / name).is_dir()]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(COLUMNS))


def read_series(path: Path) -> pd.DataFrame:
    """Read series of one's own.

    Args:
        path: CSV (also .csv.gz) or Parquet with columns family, unique_id, ds and y. Without
            a column family all series are of one.

    Raises:
        ValueError: A column is missing.
    """
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    if "family" not in frame:
        frame = frame.assign(family=path.name.split(".")[0])
    missing = [column for column in COLUMNS if column not in frame]
    if missing:
        raise ValueError(f"{path} has no column {', '.join(missing)}")
    ds = pd.to_datetime(frame["ds"], utc=True).dt.tz_localize(None)
    text = frame[["family", "unique_id"]].astype(str)
    return text.assign(ds=ds, y=frame["y"].astype("float64"))


def _burstgpt(folder: Path) -> pd.DataFrame:
    """Requests per hour of the two streams and of both (Wang et al., KDD 2025)."""
    wide = pd.read_csv(folder / "burstgpt_hourly_d00-44.csv")
    ds = _BURSTGPT_START + pd.to_timedelta(wide["day"] * 24 + wide["hour"], unit="h")
    streams = ["requests_conversation", "requests_api", "requests_all"]
    long = wide[streams].assign(ds=ds).melt("ds", streams, "unique_id", "y")
    return _of("burstgpt", long)


def _servegen(folder: Path) -> pd.DataFrame:
    """Requests per hour of the two models with 14 days, over all clients (ServeGen)."""
    paths = [folder / f"servegen_{model}_hourly.csv" for model in ("m-large", "m-small")]
    rows = pd.concat([pd.read_csv(path) for path in paths], ignore_index=True)
    long = rows.groupby(["model", "hour_index"], as_index=False)["requests"].sum()
    ds = _SERVEGEN_START + pd.to_timedelta(long["hour_index"], unit="h")
    return _of("servegen", long.assign(ds=ds).rename(columns={"model": "unique_id"}), "requests")


def _helios(folder: Path) -> pd.DataFrame:
    """Hourly means of the GPUs that run jobs, by virtual cluster (Hu et al., SC 21)."""
    rows = pd.read_csv(next(folder.glob("*.csv.gz")), usecols=["vc", "time", "running_gpu_num"])
    ds = pd.to_datetime(rows["time"]).dt.floor("h")
    rows = rows.assign(ds=ds, unique_id=rows["vc"])
    long = rows.groupby(["unique_id", "ds"])["running_gpu_num"].mean().reset_index()
    return _of("helios", long, "running_gpu_num")


def _philly(folder: Path) -> pd.DataFrame:
    """Hourly means of active GPU nodes, without the collection's gaps (Jeon et al., ATC 19)."""
    rows = pd.read_csv(next(folder.glob("*.csv")), parse_dates=["time"])
    complete = rows["total"] >= _PHILLY_COMPLETE * rows["total"].median()
    rows = rows[complete & rows["active"].notna()]
    long = rows.groupby(rows["time"].dt.floor("h").rename("ds"))["active"].mean().reset_index()
    return _of("philly", long.assign(unique_id="active_nodes"), "active")


def _of(family: str, long: pd.DataFrame, value: str = "y") -> pd.DataFrame:
    frame = long.rename(columns={value: "y"}).assign(family=family)
    return frame[list(COLUMNS)].astype({"y": "float64"})


_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    "burstgpt-hourly": _burstgpt,
    "servegen-hourly": _servegen,
    "helios-earth-vc": _helios,
    "philly-nodes": _philly,
}
