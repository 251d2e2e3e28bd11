"""The commands of docker-compose.yml against a real PostgreSQL and Redis, and the file itself."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from tests.journey.conftest import free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
SCALE_OUT = ("web", "worker", "beat")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return document


def image_command() -> list[str]:
    found = re.search(
        r"^CMD (\[.*?\])$", (ROOT / "docker" / "Dockerfile").read_text().replace("\\\n", ""), re.MULTILINE
    )
    assert found is not None
    command: list[str] = yaml.safe_load(found[1])
    return command


def test_every_part_that_the_file_refers_to_exists(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"proxy", "web", "worker", "beat", "initialise", "postgres", "redis"}
    for name, service in services.items():
        assert service.get("image"), name
        for other in service.get("depends_on", {}):
            assert other in services
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).exists() if source.startswith(".") else source in compose["volumes"], volume
        waits_healthy = [o for o, how in service.get("depends_on", {}).items() if how["condition"] == "service_healthy"]
        assert all("healthcheck" in services[other] for other in waits_healthy)


def test_every_variable_it_sets_is_one_that_facet_knows(compose: dict[str, Any]) -> None:
    example = (ROOT / ".env.example").read_text()
    for name in compose["services"]["web"]["environment"]:
        assert re.search(rf"^#? ?{name}=", example, re.MULTILINE), name


def test_secrets_have_no_default(compose: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for secret in ("FACET_SECRET_KEY", "POSTGRES_PASSWORD"):
        assert re.findall(rf"\$\{{{secret}[^}}]*\}}", text)
        assert all(":?" in use for use in re.findall(rf"\$\{{{secret}[^}}]*\}}", text))


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A database of our own on the given server."""
    import psycopg

    server = os.environ["FACET_TEST_DATABASE_URL"]
    name = f"facet_test_{os.getpid()}_{time.time_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def scale_out(compose: dict[str, Any], database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Initialised, with web, worker and beat running as the compose file starts them; the address of the web server."""
    port = free_port()
    state = tmp_path_factory.mktemp("state")
    redis = os.environ["FACET_TEST_REDIS_URL"].rstrip("/")
    environment = {
        **os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
        "FACET_ENV_FILE": os.devnull, "DJANGO_SETTINGS_MODULE": "facet.settings",
        "FACET_SECRET_KEY": "x" * 60, "FACET_VAR_DIR": str(state), "FACET_STATIC_DIR": str(state / "static"),
        "DATABASE_URL": database_url, "FACET_BROKER_URL": f"{redis}/8", "FACET_CACHE_URL": f"{redis}/9",
    }  # fmt: skip
    commands = {name: compose["services"][name].get("command") or image_command() for name in SCALE_OUT}
    subprocess.run(compose["services"]["initialise"]["command"], cwd=ROOT, env=environment, check=True)
    subprocess.run(["python", "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=environment, check=True)
    processes = []
    for command in commands.values():
        filled = [
            re.sub(r"\$\{FACET_WORKERS:-2\}", "1", str(word)).replace("0.0.0.0:8000", f"127.0.0.1:{port}")
            for word in command
        ]
        processes.append(subprocess.Popen(filled, cwd=ROOT, env=environment))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(60)


@pytest.fixture(scope="module")
def token(scale_out: str, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    code = (
        "import django; django.setup()\n"
        "from accounts.models import ApiToken, User\n"
        "person, _ = User.objects.get_or_create(email='ann@example.org')\n"
        "print(ApiToken.objects.create(user=person, name='test')[1])"
    )
    environment = {
        **os.environ, "FACET_ENV_FILE": os.devnull, "DJANGO_SETTINGS_MODULE": "facet.settings",
        "FACET_SECRET_KEY": "x" * 60, "DATABASE_URL": database_url, "FACET_VAR_DIR": str(tmp_path_factory.mktemp("v")),
    }  # fmt: skip
    done = subprocess.run(
        [str(ROOT / ".venv/bin/python"), "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.services
def test_the_whole_path_over_postgresql_and_redis(scale_out: str, token: str, astronaut_jpeg: bytes) -> None:
    wait_until(lambda: _ready(scale_out), seconds=90, what="a warm worker")
    with httpx.Client(base_url=f"{scale_out}/api/v1", headers={"Authorization": f"Token {token}"}, timeout=30) as api:
        files = [("photos", (f"{number}.jpg", astronaut_jpeg)) for number in range(5)]
        ids = [accepted["id"] for accepted in api.post("/photos/", files=files).raise_for_status().json()["accepted"]]
        done = wait_until(lambda: _all_done(api, ids), seconds=60, what="five analyses")
        assert [(analysis["status"], len(analysis["faces"])) for analysis in done] == [("done", 1)] * 5
        assert api.delete(f"/photos/{ids[0]}/").status_code == 204


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def _all_done(api: httpx.Client, ids: list[str]) -> list[dict[str, Any]] | None:
    found = [api.get(f"/photos/{uuid}/").raise_for_status().json()["analysis"] for uuid in ids]
    return found if all(analysis["status"] in {"done", "failed"} for analysis in found) else None


@pytest.mark.services
def test_beat_finds_what_no_message_told_of(
    scale_out: str, token: str, database_url: str, astronaut_jpeg: bytes
) -> None:
    """A message that the broker lost costs a delay and not the photo."""
    import psycopg

    wait_until(lambda: _ready(scale_out), seconds=90, what="a warm worker")
    with httpx.Client(base_url=f"{scale_out}/api/v1", headers={"Authorization": f"Token {token}"}, timeout=30) as api:
        ids = [api.post("/photos/", files={"photos": astronaut_jpeg}).raise_for_status().json()["accepted"][0]["id"]]
        wait_until(lambda: _all_done(api, ids), seconds=60, what="the analysis")
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("DELETE FROM analysis_face")
            connection.execute("UPDATE analysis_analysis SET status = 'queued', due_at = now() - interval '1 minute'")
        (analysis,) = wait_until(lambda: _all_done(api, ids), seconds=60, what="the sweep")
        assert (analysis["status"], len(analysis["faces"])) == ("done", 1)
