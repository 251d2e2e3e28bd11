"""docker-compose.yml itself, and that it starts what the tests of the services start."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.stack.installation import BEAT_COMMAND, CHORES_COMMAND, web_command, worker_command

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return document


def test_every_part_that_the_file_refers_to_exists(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"proxy", "web", "worker", "chores", "beat", "initialise", "postgres", "redis"}
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


def test_it_starts_what_the_tests_and_benchmarks_start(compose: dict[str, Any]) -> None:
    image = re.search(
        r"^CMD (\[.*?\])$", (ROOT / "docker" / "Dockerfile").read_text().replace("\\\n", ""), re.MULTILINE
    )
    assert image is not None
    assert yaml.safe_load(image[1]) == web_command("0.0.0.0:8000", workers=2, threads=8)
    services = compose["services"]
    assert [re.sub(r"\$\{FACET_WORKERS:-(\d)\}", r"\1", word) for word in services["worker"]["command"]] == (
        worker_command(2)
    )
    assert services["beat"]["command"] == BEAT_COMMAND
    assert services["chores"]["command"] == CHORES_COMMAND
    assert services["initialise"]["command"] == ["python", "manage.py", "initialise"]
