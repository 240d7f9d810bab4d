"""The examples of deploy/: they parse, listen where they may, hold no secret, and restart."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from dagster_server import DEPLOY

from pipelines.home import INSTANCE_FILE

COMPOSE = DEPLOY / "compose"
KUBERNETES = DEPLOY / "kubernetes"
PARTS = {"code", "daemon", "webserver"}
# A key that names a secret, with a value that is written out.
LITERAL = re.compile(
    r"^[\s\-#]*(?:[\w.]*(?:password|passwd|secret|token|api_?key)\w*)\s*[:=]\s*['\"]?[\w$%/+!-]+",
    re.IGNORECASE,
)
NO_LITERAL = re.compile(
    r"""_FILE\s*[:=]|(?<=[:=])\s*\{|secrets/postgres_password$|="\$\(|: (true|false)$"""
)


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return yaml.safe_load((COMPOSE / "compose.yaml").read_text())["services"]


@pytest.fixture(scope="module")
def manifests() -> list[dict[str, Any]]:
    """The plain manifests, but not the file that puts them together."""
    files = [path for path in sorted(KUBERNETES.glob("*.yaml")) if path.stem != "kustomization"]
    return [part for path in files for part in yaml.safe_load_all(path.read_text())]


def deployments(manifests: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        part["metadata"]["name"].removeprefix("valueops-"): part["spec"]
        for part in manifests
        if part["kind"] == "Deployment"
    }


def test_compose_keeps_the_three_parts_and_postgres_apart(services):
    assert set(services) == PARTS | {"postgres"}
    commands = {name: services[name]["command"][0] for name in PARTS}
    assert commands == {
        "code": "dagster",
        "daemon": "dagster-daemon",
        "webserver": "dagster-webserver",
    }
    for name, service in services.items():
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"]["test"], name
        assert "no-new-privileges:true" in service["security_opt"], name


def test_compose_publishes_the_page_on_the_loopback_only(services):
    ports = {name: service.get("ports", []) for name, service in services.items()}
    assert ports.pop("webserver") == ["127.0.0.1:${VALUEOPS_PORT:-3000}:3000"]
    assert not any(ports.values())


def test_compose_shows_inputs_and_home_to_the_code_location_only(services):
    mounts = {
        name: {volume.split(":/", 1)[1] for volume in services[name]["volumes"]} for name in PARTS
    }
    logs = {"srv/valueops/home/.dagster"}
    assert mounts["daemon"] == mounts["webserver"] == logs
    assert mounts["code"] == logs | {"srv/valueops/home", "srv/valueops/inputs:ro"}


def test_compose_names_only_volumes_networks_and_secrets_that_it_has(services):
    whole = yaml.safe_load((COMPOSE / "compose.yaml").read_text())
    for name, service in services.items():
        for kind in ("networks", "secrets"):
            assert set(service.get(kind, [])) <= set(whole[kind]), name
        named = {volume.split(":")[0] for volume in service["volumes"] if volume[0].isalpha()}
        assert named <= set(whole["volumes"]), name
    assert (COMPOSE / whole["configs"]["dagster_yaml"]["file"]).exists()


def test_every_variable_of_dagster_and_workspace_is_set_everywhere(services, manifests):
    wanted = set(re.findall(r"env: (\w+)", (DEPLOY / "dagster.yaml").read_text()))
    wanted |= set(re.findall(r"env: (\w+)", (DEPLOY / "workspace.yaml").read_text()))
    assert len(wanted) == 7
    for name in PARTS:
        given = {key.removesuffix("_FILE") for key in services[name]["environment"]}
        assert wanted <= given, name
    kustomization = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())
    (settings,) = [
        generated["literals"]
        for generated in kustomization["configMapGenerator"]
        if "literals" in generated
    ]
    shared = {literal.split("=")[0] for literal in settings}
    for name, spec in deployments(manifests).items():
        (container,) = spec["template"]["spec"]["containers"]
        assert wanted <= shared | {variable["name"] for variable in container["env"]}, name
    units = (DEPLOY / "systemd" / "valueops.env").read_text()
    assert wanted - {"DAGSTER_PG_PASSWORD"} <= set(re.findall(r"^(\w+)=", units, re.MULTILINE))


def test_a_server_is_set_up_as_a_laptop_but_for_its_storage():
    server = yaml.safe_load((DEPLOY / "dagster.yaml").read_text())
    assert set(server.pop("storage")["postgres"]["postgres_db"]) >= {"hostname", "password"}
    assert server == yaml.safe_load(INSTANCE_FILE.read_text())


def test_kubernetes_parts_are_probed_confined_and_one_each(manifests):
    found = deployments(manifests)
    assert set(found) == PARTS
    for name, spec in found.items():
        assert (spec["replicas"], spec["strategy"]["type"]) == (1, "Recreate"), name
        pod = spec["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        (container,) = pod["containers"]
        assert {"startupProbe", "livenessProbe"} <= set(container), name
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"], name
        volumes = {volume["name"] for volume in pod["volumes"]}
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes, name
        assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"], name


def test_kubernetes_services_stay_in_the_cluster_and_find_their_pods(manifests):
    labels = [spec["template"]["metadata"]["labels"] for spec in deployments(manifests).values()]
    services = [part["spec"] for part in manifests if part["kind"] == "Service"]
    assert len(services) == 2
    for service in services:
        assert service["type"] == "ClusterIP"
        assert service["selector"] in labels
    assert not [part for part in manifests if part["kind"] in ("Ingress", "Secret")]


def test_kustomize_puts_the_manifests_together():
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        # A machine without it: the manifests are still read above.
        return
    build = [kubectl, "kustomize", KUBERNETES, "--load-restrictor", "LoadRestrictionsNone"]
    done = subprocess.run(build, capture_output=True, text=True, check=True, timeout=60)
    built = list(yaml.safe_load_all(done.stdout))
    assert {part["kind"] for part in built} >= {"Deployment", "ConfigMap", "NetworkPolicy"}
    for spec in deployments(built).values():
        pod = spec["template"]["spec"]
        assert pod["containers"][0]["image"] == "registry.example.com/valueops:0.1.0"
        (named,) = [
            volume["configMap"]["name"] for volume in pod["volumes"] if "configMap" in volume
        ]
        assert named in {part["metadata"]["name"] for part in built if part["kind"] == "ConfigMap"}


def test_no_file_holds_a_secret():
    files = [path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix != ".md"]
    assert len(files) > 15
    found = [
        f"{path.name}: {line}"
        for path in files
        for line in path.read_text().splitlines()
        if LITERAL.match(line) and not NO_LITERAL.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("line", ["  password: hunter2", "DAGSTER_PG_PASSWORD=x", "API_KEY: 'k1'"])
def test_a_written_out_secret_would_be_found(line: str):
    assert LITERAL.match(line) and not NO_LITERAL.search(line)


def test_image_installs_the_lock_with_hashes_as_a_user_of_its_own():
    dockerfile = (COMPOSE / "Dockerfile").read_text()
    assert "pip install --require-hashes --requirement requirements.lock" in dockerfile
    assert "\nUSER valueops\n" in dockerfile
    ignored = (COMPOSE / "Dockerfile.dockerignore").read_text().splitlines()
    assert {"**/.dlt", "**/*.env", "deploy/compose/secrets", ".valueops"} <= set(ignored)


def test_entrypoint_reads_the_password_from_its_file(tmp_path: Path):
    secret = tmp_path / "password"
    secret.write_text("a b'c\"$d\n")
    done = subprocess.run(
        [COMPOSE / "entrypoint.sh", "printenv", "DAGSTER_PG_PASSWORD"],
        env={"PATH": "/usr/bin:/bin", "DAGSTER_PG_PASSWORD_FILE": str(secret)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "a b'c\"$d\n"
