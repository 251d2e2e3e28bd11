"""The Kubernetes manifests as kustomize would hand them to a cluster, made without one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "kubernetes"
Manifest = dict[str, Any]


def kustomization() -> Manifest:
    document: Manifest = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
    return document


def manifests() -> list[Manifest]:
    """Every document of every file that is named, and what the generators make."""
    plan = kustomization()
    files = [FOLDER / name for name in plan["resources"]]
    found = [document for file in files for document in yaml.safe_load_all(file.read_text())]
    for key, kind, entry in (("configMapGenerator", "ConfigMap", "data"), ("secretGenerator", "Secret", "stringData")):
        for made in plan[key]:
            values = {name: value for file in made["envs"] for name, value in env_file(file).items()}
            found.append({"apiVersion": "v1", "kind": kind, "metadata": {"name": made["name"]}, entry: values})
    return found


def env_file(name: str) -> dict[str, str]:
    """Of the file, or of its example where the file itself is the operator's."""
    path = FOLDER / name
    if not path.exists() or name == "secret.env":
        path = FOLDER / f"{name}.example"
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def of_kind(*kinds: str) -> list[Manifest]:
    return [document for document in manifests() if document["kind"] in kinds]


def named(kind: str, name: str) -> Manifest:
    (found,) = [document for document in of_kind(kind) if document["metadata"]["name"] == name]
    return found


def workloads() -> dict[str, Manifest]:
    """What starts pods, by name."""
    return {document["metadata"]["name"]: document for document in of_kind("Deployment", "Job")}


def pods() -> dict[str, Manifest]:
    """The templates of pods by the name of what starts them."""
    return {name: document["spec"]["template"] for name, document in workloads().items()}


def containers() -> Iterator[tuple[str, Manifest]]:
    """Each container of each pod, those that only prepare included; by "workload/container"."""
    for name, pod in pods().items():
        for container in [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]:
            yield f"{name}/{container['name']}", container
