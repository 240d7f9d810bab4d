"""Gives every dbt test an asset to be a check of, so that Dagster shows all of them.

dagster-dbt knows where a test of one model belongs. A test of several models would run, and fail
its step, without being seen as a check.
"""

from collections.abc import Mapping
from typing import Any

_PUBLIC = ("marts", "ops")


def with_targets(manifest: Mapping[str, Any], forecast_tables: set[str]) -> dict[str, Any]:
    """The manifest with a target named in the meta of every test of several models.

    The target is a model that rests on forecasts where the test reads one (the test can run only
    after it), else a public one, else the first by name.

    Args:
        manifest: dbt's manifest.json.
        forecast_tables: Lake tables that the forecast step writes.

    Returns:
        A changed copy; a target that a test names itself is kept.
    """
    late = _downstream(manifest, forecast_tables)
    nodes = dict(manifest["nodes"])
    for unique_id, node in manifest["nodes"].items():
        parents = [nodes[parent] for parent in manifest["parent_map"][unique_id] if parent in nodes]
        if node["resource_type"] != "test" or len(parents) < 2 or _named_target(node):
            continue
        attached = nodes.get(node.get("attached_node") or "")
        if attached and (attached["unique_id"] in late or not late & _ids(parents)):
            continue
        best = min(parents, key=lambda parent: _order(parent, late))
        nodes[unique_id] = _with_target(node, best["name"])
    return {**manifest, "nodes": nodes}


def _downstream(manifest: Mapping[str, Any], forecast_tables: set[str]) -> set[str]:
    """Ids of everything that rests on the forecast tables."""
    queue = [
        unique_id
        for unique_id, source in manifest["sources"].items()
        if source["name"] in forecast_tables
    ]
    found: set[str] = set()
    while queue:
        unique_id = queue.pop()
        if unique_id not in found:
            found.add(unique_id)
            queue += manifest["child_map"].get(unique_id, [])
    return found


def _order(node: Mapping[str, Any], late: set[str]) -> tuple[bool, bool, str]:
    return node["unique_id"] not in late, node["schema"] not in _PUBLIC, node["name"]


def _ids(nodes: list[Mapping[str, Any]]) -> set[str]:
    return {node["unique_id"] for node in nodes}


def _named_target(node: Mapping[str, Any]) -> Any:
    return (node["config"].get("meta") or {}).get("dagster", {}).get("ref")


def _with_target(node: Mapping[str, Any], model: str) -> dict[str, Any]:
    meta = dict(node["config"].get("meta") or {})
    meta["dagster"] = {**meta.get("dagster", {}), "ref": {"name": model}}
    return {**node, "config": {**node["config"], "meta": meta}}
