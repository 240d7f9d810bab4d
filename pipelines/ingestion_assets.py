"""Deliveries into the lake: one step per source system, then the books of what was loaded."""

from collections.abc import Iterator

import dagster as dg

from ingestion import SYSTEMS
from ingestion.errors import InputError
from ingestion.lake import Lake
from ingestion.load import FileOutcome, LoadSummary, load_system
from pipelines import freshness, ledger
from pipelines.causes import in_one_line, is_transient
from pipelines.progress import STATUS
from pipelines.resources import HomeResource
from pipelines.translator import DEFAULT_OWNER

GROUP = "ingestion"
LEDGER_KEY = dg.AssetKey(["lake", "load_ledger"])
QUARANTINE_KEY = dg.AssetKey(["lake", "quarantine"])
LOADS_KEY = dg.AssetKey(["lake", "_dlt_loads"])
LEDGER_CHECK = "read_equals_loaded_plus_quarantined"

# A bucket or a vendor that is busy now answers a little later; not all retries at the same moment.
_RETRIES = dg.RetryPolicy(
    max_retries=3, delay=2, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)


def table_key(table: str) -> dg.AssetKey:
    """The asset of a lake table; the dbt source of the same name has the same key."""
    return dg.AssetKey(["lake", table])


def system_assets(system: str) -> dg.AssetsDefinition:
    """The step that loads one system's folder into its lake tables."""
    tables = SYSTEMS[system]

    @dg.multi_asset(
        name=f"ingest_{system}",
        specs=[
            dg.AssetSpec(
                table_key(table),
                group_name=GROUP,
                kinds={"dlt", "parquet"},
                owners=[DEFAULT_OWNER],
                description=f"Rows of the files in `inputs/{system}/`, every version kept.",
                freshness_policy=freshness.policy(table),
            )
            for table in tables
        ],
        retry_policy=_RETRIES,
    )
    def ingest(
        context: dg.AssetExecutionContext, home: HomeResource
    ) -> Iterator[dg.MaterializeResult]:
        def tell(outcome: FileOutcome) -> None:
            context.log.info(f"{outcome.file}: {outcome.rows_loaded:,} rows", extra=STATUS)

        try:
            summary = load_system(system, home.inputs_path, home.paths.root, on_file=tell)
        except InputError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        except Exception as error:
            if is_transient(error):
                raise
            raise dg.Failure(f"{system}: {in_one_line(error)}", allow_retries=False) from error
        for table in tables:
            yield dg.MaterializeResult(table_key(table), metadata=_counts(summary, table))

    return ingest


def _counts(summary: LoadSummary, table: str) -> dict[str, dg.MetadataValue]:
    files = [outcome for outcome in summary.files if outcome.source == table]
    problems = [f"{outcome.file}: {outcome.message}" for outcome in files if outcome.message]
    return {
        "read": dg.MetadataValue.int(sum(outcome.rows_read for outcome in files)),
        "loaded": dg.MetadataValue.int(sum(outcome.rows_loaded for outcome in files)),
        "quarantined": dg.MetadataValue.int(sum(outcome.rows_quarantined for outcome in files)),
        "files": dg.MetadataValue.int(len(files)),
        "problems": dg.MetadataValue.json(problems),
    }


@dg.multi_asset(
    name="lake_books",
    specs=[
        dg.AssetSpec(
            key,
            deps=[table_key(table) for tables in SYSTEMS.values() for table in tables],
            group_name=GROUP,
            kinds={"dlt", "parquet"},
            owners=[DEFAULT_OWNER],
            description=description,
        )
        for key, description in (
            (LEDGER_KEY, "One row per loaded file version, with its counts."),
            (QUARANTINE_KEY, "One row per input row or file that broke its contract."),
            (LOADS_KEY, "The loads that are complete; rows of any other load are never read."),
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            LEDGER_CHECK,
            asset=LEDGER_KEY,
            blocking=True,
            description="No row vanishes: read = loaded + quarantined, in every file.",
        )
    ],
)
def lake_books(
    home: HomeResource,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Reads the ledger that the systems' steps have written, and proves that it adds up."""
    rows = Lake(home.paths.root).ledger()
    totals = ledger.totals(rows)
    loads = len(set(rows["_dlt_load_id"].to_pylist()))
    yield dg.MaterializeResult(LEDGER_KEY, metadata={"files": len(rows)} | totals)
    yield dg.MaterializeResult(QUARANTINE_KEY, metadata={"rows": totals["rows_quarantined"]})
    yield dg.MaterializeResult(LOADS_KEY, metadata={"loads": loads})
    lost = ledger.unbalanced(rows)
    yield dg.AssetCheckResult(
        asset_key=LEDGER_KEY,
        check_name=LEDGER_CHECK,
        passed=not lost,
        metadata={"rows": dg.MetadataValue.json(lost)},
    )


def ingestion_assets() -> list[dg.AssetsDefinition]:
    """Every step of the group, in the order of the systems."""
    return [*(system_assets(system) for system in SYSTEMS), lake_books]
