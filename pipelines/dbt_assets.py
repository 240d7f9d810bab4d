"""The two dbt steps: the warehouse from deliveries, and the marts that rest on forecasts."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtProject, dbt_assets

from ingestion.lake import Lake
from pipelines import build_file, dbt_manifest, dbt_results
from pipelines.check_targets import with_targets
from pipelines.forecasting import lake as forecast_lake
from pipelines.forecasting import sources as forecast_sources
from pipelines.home import HomePaths
from pipelines.progress import NOTICE
from pipelines.resources import DbtResource, HomeResource
from pipelines.translator import ValueopsTranslator

# What rests on forecasts is built after them, tagged or not.
FORECAST_SELECTION = " ".join(["tag:forecast", *forecast_sources.SELECTORS])
BUILD_POOL = "build_file"


class WarehouseConfig(dg.Config):
    """What to build again although nothing new has arrived.

    Attributes:
        full: The whole warehouse, from an empty file.
        rebuild_from: First UTC day to build again, ISO; goes with `rebuild_to`.
        rebuild_to: Last UTC day to build again, ISO.
        go_on: Build, and let the steps after it run, although nothing new has arrived.
    """

    full: bool = False
    rebuild_from: str | None = None
    rebuild_to: str | None = None
    go_on: bool = False


def dbt_steps(project: DbtProject) -> list[dg.AssetsDefinition]:
    """Both steps of a dbt project with a current manifest."""
    translator = ValueopsTranslator()
    manifest = with_targets(
        json.loads(project.manifest_path.read_text(encoding="utf-8")), set(forecast_sources.TABLES)
    )

    @dbt_assets(
        manifest=manifest,
        project=project,
        name="warehouse",
        exclude=FORECAST_SELECTION,
        dagster_dbt_translator=translator,
        pool=BUILD_POOL,
    )
    def warehouse(
        context: dg.AssetExecutionContext,
        config: WarehouseConfig,
        dbt: DbtResource,
        home: HomeResource,
    ) -> Iterator[Any]:
        dbt_vars = dbt_manifest.project_vars(
            project.project_dir, rebuild_from=config.rebuild_from, rebuild_to=config.rebuild_to
        )
        reason = build_file.reason_for_full(home.paths, dbt_vars["project_fingerprint"])
        is_asked_for = config.full or config.go_on or config.rebuild_from is not None
        if reason is None and not is_asked_for and _is_current(home.paths):
            context.log.info("nothing new since the last refresh", extra=NOTICE)
            return
        if reason and not config.full and home.paths.warehouse.exists():
            context.log.info(f"building the whole warehouse: {reason}", extra=NOTICE)
        build_file.begin(home.paths, full=config.full or reason is not None)
        yield from _build(context, dbt, home.paths, dbt_vars)

    @dbt_assets(
        manifest=manifest,
        project=project,
        name="forecast_marts",
        select=FORECAST_SELECTION,
        dagster_dbt_translator=translator,
        pool=BUILD_POOL,
    )
    def forecast_marts(
        context: dg.AssetExecutionContext, dbt: DbtResource, home: HomeResource
    ) -> Iterator[Any]:
        dbt_vars = dbt_manifest.project_vars(project.project_dir)
        yield from _build(context, dbt, home.paths, dbt_vars)

    return [warehouse, forecast_marts]


def _is_current(paths: HomePaths) -> bool:
    """Whether a build would give what is published: no step after it has anything to do."""
    return (
        build_file.holds(paths, Lake(paths.root).complete_loads())
        and forecast_lake.is_of_current_code(paths.root)
        and any(paths.reports.glob("*.html"))
    )


def _build(
    context: dg.AssetExecutionContext,
    dbt: DbtResource,
    paths: HomePaths,
    dbt_vars: Mapping[str, Any],
) -> Iterator[Any]:
    target = paths.dbt_target
    (target / "run_results.json").unlink(missing_ok=True)
    # Unit tests prove the code, not the data: they belong to `make test`.
    arguments = ["build", "--exclude-resource-type", "unit_test", "--vars", json.dumps(dbt_vars)]
    place = Lake(paths.root).place
    # dbt works in its project's folder; what dlt is configured with lies where we were started.
    here = {"DLT_PROJECT_DIR": str(Path.cwd())} if place.bucket_url else {}
    with _environment(VALUEOPS_LAKE=place.url, VALUEOPS_BUILD=str(paths.build), **here):
        invocation = dbt.cli(arguments, context=context, target_path=target, raise_on_error=False)
    yield from invocation.stream()
    outcome = dbt_results.read_outcome(target, paths.build)
    for warning in outcome.warnings:
        context.log.warning(f"check {warning}", extra=NOTICE)
    if outcome.errors or outcome.failed_checks or not invocation.is_successful():
        raise _failure(outcome, str(invocation.get_error()))


def _failure(outcome: dbt_results.DbtOutcome, dbt_says: str) -> dg.Failure:
    """The step's failure. Any test of severity error fails it, an asset check or not."""
    if outcome.errors:
        description = outcome.errors[0]
    elif outcome.failed_checks:
        names = ", ".join(check.name for check in outcome.failed_checks)
        description = f"blocking checks failed: {names}"
    else:
        description = dbt_says
    return dg.Failure(
        description,
        metadata={
            "errors": dg.MetadataValue.json(list(outcome.errors)),
            "failed_checks": dg.MetadataValue.json(
                [check.as_dict() for check in outcome.failed_checks]
            ),
        },
        allow_retries=False,
    )


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Sets environment variables while dbt is started, which inherits them."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
