"""Alive and ready are two questions."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from analysis.models import Worker


def test_alive_needs_nothing(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}


def test_ready_means_a_worker_with_warm_models(client: Client, db: None) -> None:
    cold = client.get("/readyz")
    assert (cold.status_code, cold.json()["missing"]) == (503, ["worker"])
    worker = Worker.objects.create(host="h", pid=1, engine_version="e", model_version="m")
    assert client.get("/readyz").status_code == 200
    Worker.objects.filter(pk=worker.pk).update(seen_at=timezone.now() - timedelta(days=2))
    assert client.get("/readyz").status_code == 503


def test_every_page_carries_the_security_headers(client: Client, db: None) -> None:
    answer = client.get("/account/login/")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Permissions-Policy"].startswith("camera=(self)")
    assert answer["Referrer-Policy"] == "same-origin"
