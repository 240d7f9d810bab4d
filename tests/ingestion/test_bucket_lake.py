"""The lake in a bucket: a real S3 protocol server on this machine, dlt and dbt talking to it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import duckdb
import pytest
from dbt_runs import DbtHome
from moto.server import ThreadedMotoServer

from ingestion.errors import InputError
from ingestion.lake import Lake
from ingestion.load import load_system

ROLES = "role,team\nhead,blue\nhead,green\nlead,red\n"
SECRET = "canary-of-a-secret-key"  # noqa: S105
CREDENTIALS = "DESTINATION__FILESYSTEM__CREDENTIALS__"


@dataclass(frozen=True)
class Bucket:
    """A bucket with a prefix, and what is in it."""

    client: object
    url: str = "s3://company/finops"

    def names(self) -> set[str]:
        told = self.client.list_objects_v2(Bucket="company")  # pyright: ignore
        return {entry["Key"] for entry in told.get("Contents", [])}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key=SECRET,
    )
    client.create_bucket(Bucket="company")
    made = Bucket(client)
    for name, value in {
        "DESTINATION__FILESYSTEM__BUCKET_URL": made.url,
        f"{CREDENTIALS}AWS_ACCESS_KEY_ID": "key",
        f"{CREDENTIALS}AWS_SECRET_ACCESS_KEY": SECRET,
        f"{CREDENTIALS}REGION_NAME": "us-east-1",
        f"{CREDENTIALS}ENDPOINT_URL": address,
    }.items():
        monkeypatch.setenv(name, value)
    yield made
    for key in made.names():
        client.delete_object(Bucket="company", Key=key)
    client.delete_bucket(Bucket="company")


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "inputs"
    (folder / "roles").mkdir(parents=True)
    (folder / "roles/roles.csv").write_text(ROLES, encoding="utf-8")
    return folder


def test_rows_go_to_the_bucket_once_and_none_to_the_home(bucket, inputs, tmp_path):
    home = tmp_path / "home"
    first = load_system("roles", inputs, home)
    assert (first.rows_loaded, Lake(home).complete_loads()) == (3, {first.load_id})
    assert any(key.startswith("finops/lake/roles/") for key in bucket.names())
    assert not (home / "lake").exists()
    again = load_system("roles", inputs, home)
    assert (again.load_id, again.files_unchanged) == (None, 1)
    # what another home of the same bucket reads, it need not load either
    assert load_system("roles", inputs, tmp_path / "other").load_id is None
    assert Lake(home).ledger()["rows_loaded"].to_pylist() == [3]
    assert Lake(home).size_bytes() > 0


def test_files_of_a_load_that_was_given_up_are_removed(bucket, inputs, tmp_path):
    home = tmp_path / "home"
    load_id = load_system("roles", inputs, home).load_id
    client = bucket.client
    client.put_object(Bucket="company", Key="finops/lake/roles/17.5.abc.parquet", Body=b"cut")
    Lake(home).remove_incomplete(["17.5", load_id])
    kept = {key for key in bucket.names() if key.startswith("finops/lake/roles/")}
    assert kept and all(load_id in key for key in kept)


def test_dbt_reads_the_bucket_with_dlts_credentials(bucket, inputs, tmp_path):
    home = tmp_path / "home"
    load_system("roles", inputs, home)
    load_system("budgets", inputs, home)
    dbt = DbtHome(home, lake=Lake(home).place.url)
    results = dbt.run("run", "--select", "+stg_planning__roles")
    assert {result.status for result in results} == {"success"}, results
    # the views name the bucket: nobody reads them without its credentials
    with duckdb.connect(dbt.build, read_only=True) as connection:
        named = connection.sql("from duckdb_views() select sql where not internal").fetchall()
    assert any("s3://company/finops/lake/roles/*.parquet" in sql for (sql,) in named)
    assert all(SECRET not in sql for (sql,) in named)


def test_a_bucket_without_credentials_is_one_clear_line(bucket, inputs, tmp_path, monkeypatch):
    monkeypatch.setenv("DESTINATION__FILESYSTEM__BUCKET_URL", "company/finops")
    with pytest.raises(InputError, match="no address of a bucket"):
        Lake(tmp_path).complete_loads()
    monkeypatch.setenv("DESTINATION__FILESYSTEM__BUCKET_URL", "gs://company/finops")
    with pytest.raises(InputError, match="gs://company/finops"):
        Lake(tmp_path).complete_loads()
