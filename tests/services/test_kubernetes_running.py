"""What Kubernetes asks of the pods while they run, and by what it scales them; the guide to it. No cluster is asked."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client

from facet import instruments, pulse
from tests.services.manifests import FOLDER, containers, env_file, named, of_kind, workloads

PARTS = ("startupProbe", "livenessProbe", "readinessProbe")
GUIDE = (FOLDER.parent / "docs" / "operations" / "kubernetes.md").read_text()


def http_probes() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, container in containers():
        for part in PARTS:
            if asked := container.get(part, {}).get("httpGet"):
                yield f"{name} {part}", asked


def test_web_probes_are_answered_as_in_production(client: Client, settings: Any, db: None) -> None:
    """With HTTPS on, behind a proxy, for a site of another name, and without any worker."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["photos.example.org", "localhost"]
    assert len(list(http_probes())) == 3
    for name, asked in http_probes():
        headers = {header["name"]: header["value"] for header in asked["httpHeaders"]}
        assert client.get(asked["path"], headers=headers).status_code == 200, name
    assert client.get("/readyz", headers=headers).json()["missing"] == ["worker"]


@pytest.mark.parametrize(("age", "well"), [(5, True), (300, False), (None, False)])
def test_the_workers_probes_look_at_the_pulse_that_it_has(tmp_path: Path, age: int | None, well: bool) -> None:
    if age is not None:
        file = tmp_path / pulse.FILE
        file.touch()
        os.utime(file, (file.stat().st_atime, file.stat().st_mtime - age))
    (worker,) = named("Deployment", "facet-worker")["spec"]["template"]["spec"]["containers"]
    for part in ("startupProbe", "livenessProbe"):
        command = [word.replace("/var/lib/facet", str(tmp_path)) for word in worker[part]["exec"]["command"]]
        assert (subprocess.run(command, check=False, capture_output=True).returncode == 0) is well


def test_a_worker_has_the_time_that_it_may_need() -> None:
    worker = named("Deployment", "facet-worker")["spec"]["template"]["spec"]
    assert worker["terminationGracePeriodSeconds"] > settings.ANALYSIS_HARD_LIMIT_S
    probe = worker["containers"][0]["livenessProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] > settings.ANALYSIS_HARD_LIMIT_S
    assert pulse.EVERY_S * 3 <= 60  # the command calls a file old after a minute


def test_there_is_one_beat_and_two_of_what_people_wait_for() -> None:
    beat = workloads()["facet-beat"]["spec"]
    assert (beat["replicas"], beat["strategy"]) == (1, {"type": "Recreate"})
    scaled = {one["spec"]["scaleTargetRef"]["name"]: one["spec"] for one in of_kind("HorizontalPodAutoscaler")}
    assert set(scaled) == {"facet-web", "facet-worker"}
    for name, scaler in scaled.items():
        assert scaler["minReplicas"] == 2 < scaler["maxReplicas"]
        assert "replicas" not in workloads()[name]["spec"]  # two that say how many would undo each other


def test_workers_are_scaled_by_a_figure_that_is_told(client: Client, settings: Any, tmp_path: Path, db: None) -> None:
    settings.METRICS_TOKEN, settings.METRICS_DIR = "t" * 32, tmp_path
    instruments.shared.cache_clear()
    try:
        told = client.get("/metrics", headers={"Authorization": f"Bearer {'t' * 32}"}).content.decode()
    finally:
        instruments.shared.cache_clear()
    (metric,) = named("HorizontalPodAutoscaler", "facet-worker")["spec"]["metrics"]
    name = metric["external"]["metric"]["name"]
    assert re.search(rf"^{name} ", told, re.MULTILINE)
    (rules,) = [
        yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL) if "external" in block
    ]
    (rule,) = rules["rules"]["external"]
    assert rule["name"]["as"] == name
    assert name in rule["seriesQuery"]


def test_the_guide_names_every_secret() -> None:
    for name in env_file("secret.env"):
        assert f"`{name}`" in GUIDE
