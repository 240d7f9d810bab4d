"""How a dbt node looks in Dagster: one small function per question, composed in one spec."""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

DEFAULT_OWNER = "team:finops"


class ValueopsTranslator(DagsterDbtTranslator):
    """Keys are `schema/name` for models, `lake/table` for sources (as ingestion names them)."""

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """The spec of one model, seed or source."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = self.get_resource_props(manifest, unique_id)
        return spec.replace_attributes(
            group_name=group_of(node),
            owners=owners_of(node),
            kinds=kinds_of(node, manifest["metadata"]["adapter_type"]),
        )


def group_of(node: Mapping[str, Any]) -> str:
    """The folders below `models/`: `marts/cost/x.sql` is in group `marts_cost`."""
    if node["resource_type"] == "source":
        return "ingestion"
    if node["resource_type"] == "seed":
        return "seeds"
    folders = node["fqn"][1:-1]
    return "_".join(folders) or "models"


def owners_of(node: Mapping[str, Any]) -> Sequence[str]:
    """The owner that dbt's meta names, as Dagster wants it: an address or `team:<name>`."""
    meta = (node.get("config") or {}).get("meta") or node.get("meta") or {}
    owner = meta.get("owner") or DEFAULT_OWNER
    return [owner if "@" in owner or owner.startswith("team:") else f"team:{owner}"]


def kinds_of(node: Mapping[str, Any], adapter: str) -> set[str]:
    """At most three labels: dbt, the engine, and what the node becomes."""
    if node["resource_type"] == "source":
        return {"parquet"}
    materialized = (node.get("config") or {}).get("materialized")
    return {"dbt", adapter} | ({materialized} if materialized in ("view", "incremental") else set())
