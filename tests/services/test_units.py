"""What starts Facet without Kubernetes on several hosts: the systemd units and docker/hosts.yml."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docker" / "systemd"
UNITS = ("facet-web.service", "facet-worker@.service", "facet-chores.service", "facet-beat.service")
HARDENING = re.compile(r"^# Nothing of the system may be changed.*?^UMask=\d+$", re.MULTILINE | re.DOTALL)


def unit(name: str) -> dict[str, list[str]]:
    """Values by key; a key may be there several times."""
    found: dict[str, list[str]] = {}
    for line in (FOLDER / name).read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def command(name: str) -> list[str]:
    (line,) = unit(name)["ExecStart"]
    program, *words = shlex.split(line)
    assert Path(program).parent == Path(unit(name)["WorkingDirectory"][0]) / ".venv" / "bin"
    return [Path(program).name, *words]


def services(file: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / file).read_text())["services"]
    return found


def image_command() -> list[str]:
    text = (ROOT / "docker" / "Dockerfile").read_text().replace("\\\n", "")
    (found,) = re.findall(r"^CMD (\[.*?\])$", text, re.MULTILINE)
    words: list[str] = yaml.safe_load(found)
    return words


def one_process(words: list[str]) -> list[str]:
    return [re.sub(r"\$\{FACET_WORKERS:-2\}", "1", word) for word in words]


def test_every_unit_is_here() -> None:
    assert {path.name for path in FOLDER.glob("*.service")} == set(UNITS)


def test_units_start_what_compose_starts() -> None:
    compose = services("docker-compose.yml")
    assert command("facet-beat.service") == compose["beat"]["command"]
    assert [word.replace("%%", "%") for word in command("facet-chores.service")] == compose["chores"]["command"]
    own = [word.replace("127.0.0.1:8000", "0.0.0.0:8000") for word in command("facet-web.service")]
    assert own == image_command()
    assert command("facet-worker@.service") == [
        *one_process(compose["worker"]["command"]),
        *("--hostname", "facet-%i@%%h"),  # several on one host are told apart
    ]


def test_a_host_of_its_own_starts_what_compose_starts() -> None:
    compose, hosts = services("docker-compose.yml"), services("docker/hosts.yml")
    assert {name: service.get("command") for name, service in hosts.items()} == {
        name: compose[name].get("command") for name in ("initialise", "web", "beat", "chores", "worker")
    }
    for name, service in hosts.items():
        assert service["profiles"] == [name]
        for key in ("image", "init", "read_only", "tmpfs", "cap_drop", "security_opt", "stop_grace_period"):
            expected = compose[name].get(key)
            assert service.get(key) == (f"${{FACET_IMAGE:-{expected}}}" if key == "image" else expected)


@pytest.mark.parametrize("name", UNITS)
def test_every_unit_is_hardened_in_the_same_way(name: str) -> None:
    blocks = {HARDENING.findall((FOLDER / other).read_text())[0] for other in UNITS}
    assert len(blocks) == 1
    own = unit(name)
    assert own["User"] == ["facet"]
    assert own["Restart"] == ["always"]


def test_a_worker_has_the_time_that_it_may_need() -> None:
    worker = unit("facet-worker@.service")
    assert int(worker["TimeoutStopSec"][0]) > settings.ANALYSIS_HARD_LIMIT_S
    assert worker["KillMode"] == ["mixed"]
    grace = services("docker-compose.yml")["worker"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > settings.ANALYSIS_HARD_LIMIT_S


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze, of systemd")
def test_systemd_understands_every_line_and_finds_little_exposed(tmp_path: Path) -> None:
    files = []
    for name in UNITS:
        text = (FOLDER / name).read_text().replace("/srv/facet/.venv/bin", str(Path(sys.executable).parent))
        files.append(tmp_path / name)
        files[-1].write_text(text.replace("/srv/facet", str(ROOT)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", *files], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    for file in files:
        asked = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(file)]  # of 100
        assert subprocess.run(asked, capture_output=True, check=False).returncode == 0, file.name


def test_nginx_on_the_host_treats_uploads_and_photos_as_nginx_in_compose_does() -> None:
    inside, on_host = (ROOT / "docker" / "nginx.conf").read_text(), (FOLDER / "nginx-site.conf").read_text()

    def photos(text: str) -> list[str]:
        return re.findall(r"location /_media/ \{(.*?)\}", text, re.DOTALL)

    assert photos(inside) == photos(on_host)
    for directive in ("client_max_body_size", "client_body_timeout", "proxy_read_timeout", "server_tokens"):
        pattern = rf"{directive} (\S+);"
        assert re.findall(pattern, inside) == re.findall(pattern, on_host), directive
