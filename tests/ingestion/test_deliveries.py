"""The inputs folder: deliveries, their order, and what is not even opened."""

import pytest

from ingestion.deliveries import discover, natural_key
from ingestion.errors import InputError


def names(place, system="billing"):
    return [file.name for file in discover(system, place.inputs)]


def test_natural_order():
    given = ["v10", "V2", "v1", "2024-9", "2024-10", "2024-09-2"]
    assert sorted(given, key=natural_key) == ["2024-9", "2024-09-2", "2024-10", "v1", "V2", "v10"]


def test_a_file_is_a_delivery_and_a_subfolder_is_one(place):
    for name in ("b10.csv", "b9.CSV", "sub/x.parquet", "sub/deep/er/y.jsonl.gz"):
        place.write(f"billing/{name}", "x")
    files = discover("billing", place.inputs)
    assert [(file.name, file.delivery, file.extension) for file in files] == [
        ("billing/b9.CSV", "b9.CSV", ".csv"),
        ("billing/b10.csv", "b10.csv", ".csv"),
        ("billing/sub/deep/er/y.jsonl.gz", "sub", ".jsonl.gz"),
        ("billing/sub/x.parquet", "sub", ".parquet"),
    ]


def test_what_is_ignored_silently_and_what_is_refused(place):
    for name in (".hidden.csv", ".git/a.csv", "README.txt", "notes.md", "_SUCCESS", "a.xlsx"):
        place.write(f"billing/{name}", "x")
    (file,) = discover("billing", place.inputs)
    assert (file.name, file.refusal) == ("billing/a.xlsx", "unknown extension")


def test_gpu_prices_have_their_own_table(place):
    for name in ("prices.csv", "gpu_prices.csv", "GPU_Prices_2024.csv"):
        place.write(f"prices/{name}", "x")
    sources = {file.name: file.source for file in discover("prices", place.inputs)}
    assert sources == {
        "prices/prices.csv": "prices",
        "prices/gpu_prices.csv": "gpu_prices",
        "prices/GPU_Prices_2024.csv": "gpu_prices",
    }


def test_links_stay_inside(place, tmp_path):
    outside = tmp_path / "secret.csv"
    outside.write_text("x")
    (tmp_path / "elsewhere").mkdir()
    inside = place.write("archive/a.csv", "x")
    folder = place.inputs / "billing"
    folder.mkdir()
    (folder / "out.csv").symlink_to(outside)
    (folder / "out_folder").symlink_to(tmp_path / "elsewhere")
    (folder / "gone.csv").symlink_to(place.inputs / "gone.csv")
    (folder / "in.csv").symlink_to(inside)
    (folder / "latest").symlink_to(inside.parent)
    (folder / "loop").symlink_to(folder)
    refusals = {file.name: file.refusal for file in discover("billing", place.inputs)}
    assert refusals == {
        "billing/out.csv": "the link points outside the inputs folder",
        "billing/out_folder": "the link points outside the inputs folder",
        "billing/gone.csv": "the link points to nothing",
        "billing/in.csv": None,
        "billing/latest/a.csv": None,
        "billing/loop": "the link leads back to a folder it lies in, or to itself",
    }


def test_missing_folders(place):
    assert names(place) == []
    with pytest.raises(InputError, match="does not exist"):
        discover("billing", place.inputs / "nowhere")
    place.write("billing", "a file")
    with pytest.raises(InputError, match="should be a folder"):
        discover("billing", place.inputs)
