"""The Kubernetes manifests: valid, at one with each other and with the code. No cluster is asked."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml
from django.urls import resolve

from tests.services.manifests import (
    FOLDER,
    Manifest,
    containers,
    env_file,
    kustomization,
    manifests,
    named,
    of_kind,
    pods,
    workloads,
)

ROOT = FOLDER.parent
NEWEST = kubernetes_validate.latest_version()


def known_settings() -> set[str]:
    return set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


@pytest.mark.parametrize("document", manifests(), ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_it_is_what_kubernetes_takes(document: Manifest) -> None:
    kubernetes_validate.validate(document, NEWEST, strict=True)


def test_the_schema_would_notice_a_slip() -> None:
    slip = named("Deployment", "facet-worker")
    slip["spec"]["template"]["spec"]["terminationGraceSeconds"] = 90
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(slip, NEWEST, strict=True)


def test_every_file_is_named_and_every_name_is_a_file() -> None:
    there = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(kustomization()["resources"]) == there
    names = [(document["kind"], document["metadata"]["name"]) for document in manifests()]
    assert len(names) == len(set(names))


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="install kubectl, which renders without a cluster")
def test_kustomize_makes_the_same_of_it(tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "kubernetes")
    shutil.copy(copy / "secret.env.example", copy / "secret.env")
    made = subprocess.run(["kubectl", "kustomize", str(copy)], capture_output=True, text=True, check=True).stdout
    rendered = list(yaml.safe_load_all(made))
    for document in rendered:
        kubernetes_validate.validate(document, NEWEST, strict=True)
        if document["kind"] != "Namespace":
            assert document["metadata"]["namespace"] == "facet"
    assert sorted(one["kind"] for one in rendered) == sorted(one["kind"] for one in manifests())
    images = {found[1] for found in re.finditer(r"^ +image: (\S+)$", made, re.MULTILINE)}
    assert images == {f"{kustomization()['images'][0]['newName']}:{kustomization()['images'][0]['newTag']}"}
    assert not re.search(r"name: facet-(settings|secrets)$", made, re.MULTILINE)  # with the hash of what is in them


def test_the_image_is_the_one_that_compose_builds() -> None:
    assert {container["image"] for _, container in containers()} == {kustomization()["images"][0]["name"]} == {"facet"}
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert compose["services"]["web"]["image"] == f"facet:{kustomization()['images'][0]['newTag']}"


def test_every_process_is_started_as_compose_starts_it() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    command = {name.split("/")[1]: container.get("command") for name, container in containers()}
    assert command["web"] is None is services["web"].get("command")
    assert command["beat"] == services["beat"]["command"]
    assert command["chores"] == services["chores"]["command"]
    assert command["initialise"] == services["initialise"]["command"]
    assert command["worker"] == [re.sub(r"\$\{FACET_WORKERS:-2\}", "1", word) for word in services["worker"]["command"]]


def test_every_variable_is_one_that_facet_knows() -> None:
    known = known_settings()
    for document in of_kind("ConfigMap", "Secret"):
        assert sorted(set(document.get("data") or document["stringData"]) - known) == []
    for name, container in containers():
        entries = container.get("env", [])
        used = set(re.findall(r"\$\((\w+)\)", " ".join(entry.get("value", "") for entry in entries)))
        assert {entry["name"] for entry in entries} - known == used, name
        order = [entry["name"] for entry in entries]
        for position, entry in enumerate(entries):  # Kubernetes fills in only what was said before
            assert set(re.findall(r"\$\((\w+)\)", entry.get("value", ""))) <= set(order[:position]), name


def test_settings_and_secrets_that_pods_refer_to_exist() -> None:
    there = {document["metadata"]["name"]: document for document in of_kind("ConfigMap", "Secret")}
    for name, container in containers():
        sources = [source for entry in container["envFrom"] for source in entry.values()]
        assert {source["name"] for source in sources} == {"facet-settings", "facet-secrets"} <= set(there), name
        for entry in container.get("env", []):
            if reference := entry.get("valueFrom", {}).get("configMapKeyRef"):
                assert reference["key"] in there[reference["name"]]["data"]


def test_no_secret_is_among_the_settings_and_git_ignores_the_file_of_secrets() -> None:
    assert set(env_file("settings.env")) & set(env_file("secret.env")) == set()
    assert "secret.env" in (FOLDER / ".gitignore").read_text().split()
    assert "kubernetes" in (ROOT / ".dockerignore").read_text().split()
    for name, value in env_file("secret.env").items():
        assert "change-me" in value, f"{name} has a value that could be in use"


FULL = {
    "FACET_SECRET_KEY": "x" * 60,
    "DATABASE_URL": "postgres://facet:secret@127.0.0.1:1/facet",
    "FACET_BROKER_URL": "redis://:secret@127.0.0.1:1/0",
}


def check(**environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL" and "FACET_" not in name}
    clean |= {"DJANGO_SETTINGS_MODULE": "facet.settings", "FACET_ENV_FILE": os.devnull}
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(
        command, cwd=ROOT, env=clean | FULL | environment, capture_output=True, text=True, check=False
    )


def test_every_placeholder_is_refused_and_named() -> None:
    assert check().returncode == 0
    answer = check(**env_file("secret.env"))
    assert answer.returncode != 0
    for name in env_file("secret.env"):
        assert name in answer.stderr


def test_volumes_and_what_mounts_them_agree() -> None:
    for name, pod in pods().items():
        volumes = {volume["name"] for volume in pod["spec"]["volumes"]}
        used = set()
        for container in [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]:
            mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
            assert mounts["state"] == env_file("settings.env")["FACET_VAR_DIR"], name
            assert mounts["tmp"] == "/tmp"
            used |= set(mounts)
        assert used == volumes, name


def test_selectors_find_the_pods_they_mean() -> None:
    labels = {name: pod["metadata"]["labels"] for name, pod in pods().items()}

    def found(selector: dict[str, str]) -> list[str]:
        return [name for name, own in labels.items() if selector.items() <= own.items()]

    for name, workload in workloads().items():
        if workload["kind"] == "Deployment":
            assert found(workload["spec"]["selector"]["matchLabels"]) == [name]
            for spread in workload["spec"]["template"]["spec"].get("topologySpreadConstraints", []):
                assert found(spread["labelSelector"]["matchLabels"]) == [name]
    assert found(named("Service", "facet-web")["spec"]["selector"]) == ["facet-web"]
    for budget in of_kind("PodDisruptionBudget"):
        assert found(budget["spec"]["selector"]["matchLabels"]) == [budget["metadata"]["name"]]
    for policy in of_kind("NetworkPolicy"):
        chosen = policy["spec"]["podSelector"].get("matchLabels", {})
        assert found(chosen), policy["metadata"]["name"]


def test_each_pod_reaches_what_it_needs_and_only_the_web_server_is_reached() -> None:
    """Ports by the policies that choose the pod."""

    def ports(pod: Manifest, way: str) -> set[Any]:
        own = pod["metadata"]["labels"].items()
        rules = [
            rule
            for policy in of_kind("NetworkPolicy")
            if policy["spec"]["podSelector"].get("matchLabels", {}).items() <= own
            for rule in policy["spec"].get(way, [])
        ]
        return {port["port"] for rule in rules for port in rule["ports"]}

    broker, names, database, storage = {6379, 5671, 5672}, {53}, {5432}, {443}
    templates = pods()
    assert ports(templates["facet-web"], "egress") == names | database | broker | storage | {587}
    assert ports(templates["facet-worker"], "egress") == names | database | broker | storage
    assert ports(templates["facet-chores"], "egress") == names | database | broker | storage | {587, 8443}
    assert ports(templates["facet-beat"], "egress") == names | database | broker
    assert ports(templates["facet-initialise"], "egress") == names | database
    assert {name for name, pod in templates.items() if ports(pod, "ingress")} == {"facet-web"}
    everything = named("NetworkPolicy", "facet-nothing")["spec"]
    assert (everything["podSelector"], everything["policyTypes"]) == ({}, ["Ingress", "Egress"])
    assert not {"ingress", "egress"} & set(everything)


def test_ports_have_one_number_from_the_proxy_to_gunicorn() -> None:
    (web,) = named("Deployment", "facet-web")["spec"]["template"]["spec"]["containers"]
    (port,) = web["ports"]
    assert f"0.0.0.0:{port['containerPort']}" in (ROOT / "docker" / "Dockerfile").read_text()
    (service,) = named("Service", "facet-web")["spec"]["ports"]
    assert service["targetPort"] == port["name"]
    (rule,) = named("Ingress", "facet")["spec"]["rules"]
    target = rule["http"]["paths"][0]["backend"]["service"]
    assert target == {"name": "facet-web", "port": {"name": service["name"]}}
    annotations = named("Deployment", "facet-web")["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == str(port["containerPort"])
    assert resolve(annotations["prometheus.io/path"]).url_name == "metrics"


def test_the_site_has_one_name() -> None:
    ingress = named("Ingress", "facet")["spec"]
    host = ingress["rules"][0]["host"]
    assert ingress["tls"][0]["hosts"] == [host]
    assert env_file("settings.env")["FACET_ALLOWED_HOSTS"] == host
    assert env_file("settings.env")["FACET_TRUSTED_ORIGINS"] == f"https://{host}"


def test_the_proxies_take_the_same_uploads() -> None:
    (size,) = re.findall(r"client_max_body_size (\w+);", (ROOT / "docker" / "nginx.conf").read_text())
    assert named("Ingress", "facet")["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"] == size


BYTES = {"Mi": 2**20, "Gi": 2**30}


def amount(quantity: str) -> float:
    unit = quantity.lstrip("0123456789.")
    return float(quantity.removesuffix(unit)) * ({"m": 1e-3, "": 1.0} | BYTES)[unit]


def test_every_container_says_what_it_takes_and_may_take() -> None:
    for name, container in containers():
        requests, limits = container["resources"]["requests"], container["resources"]["limits"]
        assert set(requests) == {"cpu", "memory"}, name
        assert set(limits) <= set(requests), name
        assert all(amount(limits[what]) > amount(requests[what]) for what in limits), name
        assert "memory" in limits, name


def test_nobody_is_root_or_could_become_it() -> None:
    uid = re.findall(r"useradd .*--uid (\d+)", (ROOT / "docker" / "Dockerfile").read_text())
    for name, pod in pods().items():
        rights = pod["spec"]["securityContext"]
        assert rights["runAsNonRoot"] is True, name
        assert [str(rights["runAsUser"])] == uid
        assert rights["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["spec"]["automountServiceAccountToken"] is False
        assert pod["spec"]["enableServiceLinks"] is False
    for name, container in containers():
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
