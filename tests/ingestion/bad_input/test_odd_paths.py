"""Names, links and things in the inputs folder that are no plain files."""

import inspect
import os
import socket
import sys

import pytest

from ingestion.deliveries import discover
from ingestion.errors import InputError

ROW = "date,feature\n2024-01-01,{}\n"
OUTSIDE = "the link points outside the inputs folder"
NOTHING = "the link points to nothing"
LOOP = "the link leads back to a folder it lies in, or to itself"
NO_FILE = "is neither a file nor a folder"
KPIS = "product_kpis"


@pytest.fixture
def folder(intake):
    path = intake.inputs / KPIS
    path.mkdir()
    return path


def refused(name, reason):
    return {
        "source": KPIS,
        "file": f"{KPIS}/{name}",
        "delivery": name.split("/")[0],
        "row_number": None,
        "column_name": None,
        "value": None,
        "reason": reason,
    }


@pytest.mark.parametrize(
    "name",
    [
        "with space.csv",
        " leading.csv",
        "quote'.csv",
        'quote".csv',
        "line\nbreak.csv",
        "tab\t.csv",
        "100%.csv",
        "%41%2e%2e%2f.csv",
        "#1.csv",
        "a?b=c&d.csv",
        "{a}[b]*.csv",
        "back\\slash.csv",
        "-rf.csv",
        "--help.csv",
        "~.csv",
        "$HOME.csv",
        "a..b.csv",
        "CON.csv",
        "ünïcödé.csv",
        "u\u0308 decomposed.csv",
        "\u202edrowkcab.csv",
        "数据.csv",
        "😀.csv",
        "UPPER.CSV",
        "two.csv.csv",
        "a.parquet.csv",
        "'; drop table billing; --.csv",
        "x" * 251 + ".csv",
    ],
)
def test_any_name_is_only_a_name(intake, name):
    intake.write_raw(f"{KPIS}/{name}", ROW.format("x").encode())
    taken = intake.take(KPIS)
    assert taken.bad == []
    (row,) = taken.good
    assert (row["_file"], row["_delivery"]) == (f"{KPIS}/{name}", name)
    (ledger,) = taken.ledger
    assert (ledger["file"], ledger["rows_loaded"], ledger["message"]) == (row["_file"], 1, None)


@pytest.mark.parametrize("sub", ["..", "...", ".git", "."])
def test_a_folder_that_starts_with_a_dot_is_hidden_or_no_folder(intake, sub):
    intake.write(f"{KPIS}/good.csv", ROW.format("x"))
    intake.write(f"{KPIS}/{sub}/hidden.csv", ROW.format("y"))
    named = set(intake.take(KPIS).column("_file"))
    # `.` and `..` are not names: the file lies in the folder itself, or beside it.
    assert named == {f"{KPIS}/good.csv"} | ({f"{KPIS}/hidden.csv"} if sub == "." else set())


def test_a_name_that_is_no_utf8_is_shown_with_escapes(intake, folder):
    with open(os.fsencode(folder) + b"/caf\xe9.csv", "w") as file:  # noqa: PTH123
        file.write(ROW.format("x"))
    taken = intake.take(KPIS)
    reason = "the name of the file is not UTF-8: rename it"
    assert taken.bad == [refused("caf\\xe9.csv", reason)]


def test_a_folder_named_like_a_file_is_a_delivery(intake):
    intake.write(f"{KPIS}/k.csv/a.csv", ROW.format("a"))
    intake.write(f"{KPIS}/k.csv/deep/er.parquet/b.csv", ROW.format("b"))
    taken = intake.take(KPIS)
    assert taken.bad == []
    assert taken.column("_delivery") == ["k.csv", "k.csv"]


def test_a_file_and_a_subfolder_of_the_same_stem_are_two_deliveries(intake):
    intake.write("billing/2024-09.csv", "x")
    intake.write("billing/2024-09/a.csv", "x")
    intake.write("billing/2024-09.csv.gz", "x")
    assert [file.delivery for file in discover("billing", intake.inputs)] == [
        "2024-09",
        "2024-09.csv",
        "2024-09.csv.gz",
    ]


def test_names_that_are_equal_but_for_case_and_zeros_keep_one_order(intake):
    names = ["K1.csv", "k01.csv", "k1.csv", "K001.csv"]
    for name in names:
        intake.write(f"{KPIS}/{name}", ROW.format(name))
    expected = sorted(names)
    assert [file.path.name for file in discover(KPIS, intake.inputs)] == expected


def test_folders_deeper_than_the_stack(intake, folder, request):
    deep = folder
    for _ in range(200):
        deep = deep / "d"
        deep.mkdir()
    (deep / "a.csv").write_text(ROW.format("deep"))
    limit = sys.getrecursionlimit()
    request.addfinalizer(lambda: sys.setrecursionlimit(limit))
    sys.setrecursionlimit(len(inspect.stack()) + 100)
    (file,) = discover(KPIS, intake.inputs)
    assert (file.path, file.delivery) == (deep / "a.csv", "d")


@pytest.mark.parametrize("target", ["/etc/hostname", "../../outside.csv", "/dev/zero", "/", ".."])
def test_a_link_that_leaves_the_inputs_folder_is_not_followed(intake, folder, target):
    (intake.inputs.parent / "outside.csv").write_text(ROW.format("secret"))
    (folder / "link.csv").symlink_to(target)
    taken = intake.take(KPIS)
    reason = LOOP if target == ".." else OUTSIDE
    assert (taken.bad, taken.good) == ([refused("link.csv", reason)], [])


def test_a_chain_of_links_counts_by_its_end(intake, folder):
    (intake.inputs.parent / "outside.csv").write_text(ROW.format("secret"))
    (folder / "b.csv").symlink_to("../../outside.csv")
    (folder / "a.csv").symlink_to("b.csv")
    assert intake.take(KPIS).bad == [refused("a.csv", OUTSIDE), refused("b.csv", OUTSIDE)]


@pytest.mark.parametrize(
    ("links", "reason"),
    [
        ({"a.csv": "gone.csv"}, NOTHING),
        ({"a.csv": "a.csv"}, LOOP),
        ({"a.csv": "."}, LOOP),
        ({"a.csv": "../product_kpis"}, LOOP),
        ({"a.csv": ".."}, LOOP),
        ({"a.csv": "b.csv", "b.csv": "a.csv"}, LOOP),
    ],
)
def test_a_link_that_leads_nowhere_or_back_is_refused(intake, folder, links, reason):
    for name, target in links.items():
        (folder / name).symlink_to(target)
    intake.write(f"{KPIS}/good.csv", ROW.format("x"))
    taken = intake.take(KPIS)
    assert taken.bad == [refused(name, reason) for name in links]
    assert taken.column("feature") == ["x"]


def test_links_that_stay_inside_are_files_and_folders(intake, folder):
    intake.write("archive/old.csv", ROW.format("old"))
    intake.write("archive/month/new.csv", ROW.format("new"))
    (folder / "file.csv").symlink_to("../archive/old.csv")
    (folder / "latest").symlink_to("../archive/month")
    taken = intake.take(KPIS)
    assert taken.bad == []
    assert {(row["_file"], row["feature"]) for row in taken.good} == {
        (f"{KPIS}/file.csv", "old"),
        (f"{KPIS}/latest/new.csv", "new"),
    }


def test_a_source_may_lie_elsewhere_and_links_within_it_stay_inside(intake):
    # Whoever owns the inputs folder put this link there.
    elsewhere = intake.inputs.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "2024.csv").write_text(ROW.format("x"))
    (elsewhere / "latest.csv").symlink_to("2024.csv")
    (elsewhere / "secret.csv").symlink_to("/etc/hostname")
    (intake.inputs / KPIS).symlink_to(elsewhere)
    taken = intake.take(KPIS)
    assert taken.column("_file") == [f"{KPIS}/2024.csv"]
    assert taken.bad == [refused("secret.csv", OUTSIDE)]


def test_a_source_that_is_a_link_to_nothing_stops_the_load(intake):
    # Storage that is not mounted is not an empty source.
    (intake.inputs / KPIS).symlink_to("/nowhere")
    with pytest.raises(InputError, match="product_kpis is a link that points to nothing"):
        intake.take(KPIS)


def test_two_folders_that_link_to_each_other_end(intake, folder):
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    (folder / "a/to_b").symlink_to("../b")
    (folder / "b/to_a").symlink_to("../a")
    intake.write(f"{KPIS}/a/x.csv", ROW.format("x"))
    taken = intake.take(KPIS)
    assert {row["reason"] for row in taken.bad} == {LOOP}
    # The same content by another path counts once.
    assert taken.column("feature") == ["x"]


@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_what_is_neither_file_nor_folder_is_refused_and_never_waited_for(
    intake, folder, kind, monkeypatch
):
    monkeypatch.chdir(folder)
    if kind == "pipe":
        os.mkfifo("a.csv")
    else:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("a.csv")
    intake.write(f"{KPIS}/good.csv", ROW.format("x"))
    first = intake.take(KPIS)
    assert first.bad == [refused("a.csv", NO_FILE)]
    assert first.column("feature") == ["x"]
    again = intake.take(KPIS, ledger=first.ledger)
    assert (again.good, again.bad, again.ledger) == ([], [], [])


@pytest.mark.parametrize("name", ["a.txt", "a", "a.csv.zip", "a.xlsx", "a.csv~", "a.csv.bak"])
def test_an_unknown_extension_is_refused(intake, name):
    intake.write(f"{KPIS}/{name}", ROW.format("x"))
    assert intake.take(KPIS).bad == [refused(name, "unknown extension")]


@pytest.mark.parametrize("name", [".k.csv", "README.csv", "notes.md", "_SUCCESS", "manifest.json"])
def test_what_lies_beside_data_is_passed_over(intake, name):
    intake.write(f"{KPIS}/{name}", ROW.format("x"))
    taken = intake.take(KPIS)
    assert (taken.good, taken.bad, taken.ledger) == ([], [], [])
