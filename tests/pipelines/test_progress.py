"""What a watched run shows: steps, notices, and nothing of what libraries say."""

import io

import dagster as dg
from rich.console import Console

from pipelines.progress import NOTICE, STATUS, Progress, progress_logger, title_of


def watched(*, broken: bool = False) -> str:
    @dg.asset
    def published_warehouse(context: dg.AssetExecutionContext) -> None:
        context.log.info("chatter of a library")
        context.log.info("3 of 7 series", extra=STATUS)
        context.log.info("building the whole warehouse: [models] changed", extra=NOTICE)
        if broken:
            raise ValueError("no")

    out = io.StringIO()
    definitions = dg.Definitions(
        assets=[published_warehouse], loggers={"progress": progress_logger}
    )
    with Progress(Console(file=out, width=40)) as progress:
        definitions.resolve_implicit_global_asset_job_def().execute_in_process(
            run_config={"loggers": {"progress": {}}}, raise_on_error=False
        )
        assert list(progress.seconds) == ["published_warehouse"]
    return out.getvalue()


def test_a_step_is_one_line_however_narrow_the_terminal() -> None:
    first, second = watched().splitlines()
    assert first == "  building the whole warehouse: [models] changed"
    assert second.split()[:2] == ["publish", "done"]
    assert second.endswith("3 of 7 series")


def test_a_failed_step_says_so() -> None:
    assert watched(broken=True).splitlines()[1].split()[:2] == ["publish", "failed"]


def test_titles() -> None:
    assert title_of("ingest_gpu_metrics") == "ingest gpu metrics"
    assert title_of("lake_books") == "check the books"
