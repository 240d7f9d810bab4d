"""What a user sees of the folder: the same bytes again, nothing of theirs lost, clear refusals."""

import hashlib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingestion.demo import write_demo
from ingestion.demo.folder import replace_demo
from ingestion.errors import InputError

SMALL = {"days": 2, "scale": 0.05}


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def request_rows(folder: Path, prefix: str) -> int:
    paths = (folder / "llm_requests").glob(f"{prefix}*")
    return sum(pq.read_metadata(path).num_rows for path in paths)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small") / "a"
    write_demo(folder, **SMALL)
    return folder


def test_the_same_arguments_write_the_same_bytes(small, tmp_path):
    write_demo(tmp_path / "b", **SMALL)
    assert digests(tmp_path / "b") == digests(small)


def test_another_seed_writes_other_requests_bills_and_kpis(small, tmp_path):
    write_demo(tmp_path / "b", seed=8, **SMALL)
    first, second = digests(small), digests(tmp_path / "b")
    assert first.keys() == second.keys()
    same = {name for name in first if first[name] == second[name]}
    assert same == {
        "billing/2026-06/langchain.csv",
        "billing/2026-06/qdrant.csv",
        "model_registry/model_registry.csv",
        "prices/gpu_prices.csv",
        "prices/prices-2026-01.csv",
        "prices/prices-2026-06.csv",
        "roles/roles.csv",
    }


def test_scale_multiplies_rolled_up_rows_and_leaves_the_company_as_it_is(small, tmp_path):
    write_demo(tmp_path / "b", days=2, scale=0.5)
    ratio = request_rows(tmp_path / "b", "gateway") / request_rows(small, "gateway")
    # streams that sum over five minutes have a row an hour at least
    assert 8 < ratio < 10.2
    samples = [
        sum(pq.read_metadata(p).num_rows for p in (folder / "gpu_metrics").iterdir())
        for folder in (tmp_path / "b", small)
    ]
    assert samples[0] == 6 * samples[1]
    assert request_rows(tmp_path / "b", "calls") == request_rows(small, "calls")


def test_one_day_is_a_company_too(tmp_path):
    write_demo(tmp_path, days=1, scale=0.05)
    assert (tmp_path / "billing" / "2026-06" / "aws.csv").is_file()
    assert not (tmp_path / ".demo-partial").exists()


def test_an_earlier_demo_is_replaced_and_other_files_stay(tmp_path):
    write_demo(tmp_path, days=3, scale=0.02)
    earlier_week = tmp_path / "llm_requests" / "gateway-2026-06-22.parquet"
    assert earlier_week.is_file()
    mine = tmp_path / "budgets" / "mine.csv"
    mine.write_text("role\n")
    write_demo(tmp_path, days=1, scale=0.02)
    assert not earlier_week.exists()
    assert mine.read_text() == "role\n"


def test_folders_that_the_earlier_demo_leaves_empty_go_too(tmp_path):
    def writes(name):
        def write(folder: Path) -> dict[str, object]:
            (folder / name).parent.mkdir(parents=True)
            (folder / name).write_text("x")
            return {}

        return write

    replace_demo(tmp_path, writes("billing/2026-05/aws.csv"))
    replace_demo(tmp_path, writes("billing/2026-06/aws.csv"))
    assert not (tmp_path / "billing" / "2026-05").exists()
    assert digests(tmp_path).keys() == {"truth.json", "billing/2026-06/aws.csv"}


def test_a_failed_run_leaves_the_earlier_demo_as_it_was(small):
    before = digests(small)

    def fail(folder: Path) -> dict[str, object]:
        (folder / "billing").mkdir()
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        replace_demo(small, fail)
    assert digests(small) == before


def test_a_folder_with_something_else_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="holds no demo company"):
        write_demo(tmp_path, days=1)
    assert digests(tmp_path).keys() == {"notes.txt"}


def test_a_foreign_truth_file_does_not_make_a_demo(tmp_path):
    (tmp_path / "truth.json").write_text('{"demo": "yes"}')
    with pytest.raises(InputError, match="holds no demo company"):
        write_demo(tmp_path, days=1)


def test_a_truth_file_cannot_delete_outside_its_folder(tmp_path):
    victim = tmp_path / "victim.txt"
    victim.write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / "truth.json").write_text('{"demo": true, "files": ["../victim.txt"]}')
    write_demo(out, days=1, scale=0.02)
    assert victim.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"days": 0}, "days"),
        ({"days": 10_000}, "days"),
        ({"seed": -1}, "seed"),
        ({"scale": 0.0}, "scale"),
        ({"scale": float("nan")}, "scale"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(tmp_path, arguments, word):
    with pytest.raises(InputError, match=word):
        write_demo(tmp_path / "out", **arguments)
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(InputError, match="not a folder"):
        write_demo(tmp_path / "out", days=1)
