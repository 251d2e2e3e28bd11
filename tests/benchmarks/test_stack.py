"""Programs, servers and installations for tests and benchmarks: started, stopped, killed, and on their own."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from benchmarks.stack.installation import Installation
from benchmarks.stack.program import Program, clean_environment, free_port
from benchmarks.stack.servers import Postgres, RabbitMQ, Redis, Server

pytestmark = pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs Linux with util-linux")
FAMILY = "import subprocess as s; child = s.Popen(['sleep', '600']); print('born', flush=True); child.wait()"


def start(code: str, folder: Path) -> Program:
    program = Program([sys.executable, "-c", code], folder / "it.log", environment=clean_environment(), cwd=folder)
    program.wait_until(lambda: "born" in program.last_words(), 20)
    return program


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_a_program_ends_with_all_its_descendants(tmp_path: Path, how: str) -> None:
    program = start(FAMILY, tmp_path)
    family = psutil.Process(program.process.pid).children(recursive=True)
    assert [child.name() for child in family] == ["sleep"]
    if how == "kill":
        program.kill()
    else:
        program.ask_to_stop(signal.SIGTERM)
        program.make_sure(5)
    assert not program.running
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in family)


def test_a_program_that_ends_too_early_says_its_last_words(tmp_path: Path) -> None:
    program = Program(
        [sys.executable, "-c", "raise SystemExit('no such file')"],
        tmp_path / "it.log",
        environment=clean_environment(),
        cwd=tmp_path,
    )
    with pytest.raises(RuntimeError, match="it ended with 1: no such file"):
        program.wait_until(lambda: False, 20)


def test_a_program_dies_with_whoever_started_it(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from benchmarks.stack.program import *\n"
        "p = Program(['sleep', '600'], Path('it.log'), environment=clean_environment(), cwd=Path.cwd())\n"
        "print(p.process.pid, flush=True); p.wait_until(lambda: p.process.args and 'sleep' in"
        " Path(f'/proc/{p.process.pid}/comm').read_text(), 20)"
    )
    root = Path(__file__).resolve().parents[2]
    environment = clean_environment() | {"PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path, env=environment
    )
    pid = int(done.stdout)
    _, alive = psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], 5)
    assert alive == []


def test_nothing_of_our_own_environment_reaches_an_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACET_DEBUG", "1")
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/facet")
    facet = Installation(tmp_path, broker_url="redis://127.0.0.1:1/0", environment={"FACET_LOG": "json"})
    assert not {"FACET_DEBUG", "DATABASE_URL"} & set(facet.environment)
    assert facet.environment["FACET_BROKER_URL"] == "redis://127.0.0.1:1/0"
    assert facet.environment["FACET_LOG"] == "json"
    assert facet.environment["FACET_ENV_FILE"] == "/dev/null"


def test_an_installation_that_does_not_start_says_why(tmp_path: Path) -> None:
    with Installation(tmp_path, environment={"FACET_PHOTO_MAX_MEGABYTES": "many"}) as facet:
        facet.start_web()
        with pytest.raises(RuntimeError, match="FACET_PHOTO_MAX_MEGABYTES must be a whole number"):
            facet.wait_until_ready(30)


def test_free_ports_can_be_listened_on(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", free_port())):
        pass


@pytest.mark.services
@pytest.mark.parametrize("kind", [Redis, Postgres, RabbitMQ])
def test_a_server_keeps_its_data_over_a_kill(tmp_path: Path, kind: type[Server]) -> None:
    with kind(tmp_path / "server") as server:
        write(server)
        server.kill()
        server.start()
        assert read(server) == "kept"
    assert server.process.poll() is not None


def write(server: Server) -> None:
    if isinstance(server, Redis):
        server.run("redis-cli", "-p", str(server.port), "set", "word", "kept")
    elif isinstance(server, Postgres):
        import psycopg

        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE word AS SELECT 'kept' AS word")
    elif isinstance(server, RabbitMQ):
        server.control("add_vhost", "kept")


def read(server: Server) -> str:
    if isinstance(server, Redis):
        return server.run("redis-cli", "-p", str(server.port), "get", "word").stdout.strip()
    if isinstance(server, Postgres):
        import psycopg

        with psycopg.connect(server.url) as connection:
            (word,) = connection.execute("SELECT word FROM word").fetchone() or ("",)
            return str(word)
    assert isinstance(server, RabbitMQ)
    return "kept" if "kept" in server.control("list_vhosts").splitlines() else ""
