"""The client against a server that runs, and against answers made up for what a server does rarely."""

import csv
import io
import os
import pty
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from accounts.models import ApiToken, User
from analysis.models import Analysis, Face, Status
from facet_client import Facet
from facet_client.transport import Clock
from tests.conftest import face_fields, jpeg

SOURCE = Path(__file__).parents[2] / "clients" / "python"
TOKEN = "t" * 64
NOBODY = "http://127.0.0.1:9"
"""Where no server is."""


class FakeClock:
    """Time that passes only while somebody sleeps; `while_asleep` is what happens meanwhile."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.while_asleep: Callable[[], object] = lambda: None

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self.while_asleep()

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.now, sleep=self.sleep)


@pytest.fixture
def time_stands() -> FakeClock:
    return FakeClock()


Answering = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def made_up(time_stands: FakeClock) -> Iterator[Callable[..., Facet]]:
    """`made_up(answer)`: a client whose server is the function `answer`."""
    clients: list[Facet] = []

    def make(answer: Answering, **options: Any) -> Facet:
        client = Facet(
            "https://facet.example.org",
            TOKEN,
            transport=httpx.MockTransport(answer),
            clock=time_stands.clock,
            **options,
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


def photo_json(uuid: str, status: str = "done", **analysis: Any) -> dict[str, Any]:
    """A photo as little as the server may tell of it."""
    return {"id": uuid, "name": f"{uuid[-4:]}.jpg", "analysis": {"id": uuid, "status": status, **analysis}}


@pytest.fixture
def token(ann: User) -> str:
    """One of ann's."""
    _, written = ApiToken.objects.create(user=ann, name="client")
    return str(written)


@pytest.fixture
def facet(live_server: LiveServer, transactional_db: None, token: str, time_stands: FakeClock) -> Iterator[Facet]:
    """Ann's client of a server that runs; photos are read while it sleeps."""
    time_stands.while_asleep = read_all
    with Facet(live_server.url, token, clock=time_stands.clock) as client:
        yield client


def read_all(faces: int = 1) -> None:
    """As a worker would."""
    for analysis in Analysis.objects.filter(status__in=(Status.QUEUED, Status.RUNNING)):
        for index in range(faces):
            Face.objects.create(analysis=analysis, index=index, **face_fields())
        Analysis.objects.filter(pk=analysis.pk).update(
            status=Status.DONE, finished_at=timezone.now(), model_version="facetrio-1", engine_version="fake-1"
        )


@pytest.fixture
def read_when_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Photos are read as soon as they are in the line, by the thread that brought them."""
    monkeypatch.setattr("analysis.tasks.ring_for_new", lambda _: read_all())


class Shell:
    """Types commands; HOME and the configuration are empty folders, and nothing of the developer's own is there."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(SOURCE / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "facet_client", *words]

    def __call__(self, *words: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            cwd=self.home,
            env=self.environment | environment,
        )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    home = tmp_path / "home"
    home.mkdir()
    return Shell(home)


@pytest.fixture
def signed_in(shell: Shell, live_server: LiveServer, transactional_db: None, token: str) -> Shell:
    """Ann at her terminal."""
    shell.environment |= {"FACET_URL": live_server.url, "FACET_TOKEN": token}
    return shell


def photos(shell: Shell, *sides: int) -> list[str]:
    """Files in the home folder: other sides in pixels, other bytes."""
    for side in sides:
        (shell.home / f"{side}.jpg").write_bytes(jpeg(side, side))
    return [f"{side}.jpg" for side in sides]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def at_a_terminal(shell: Shell, typed: str, *words: str) -> str:
    """All that a terminal shows while `words` run in it."""
    terminal, theirs = pty.openpty()
    running = subprocess.Popen(
        shell.command(*words),
        cwd=shell.home,
        env=shell.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen = b""
    while part := _read(terminal):
        seen += part
        if typed and b"Token:" in seen:
            os.write(terminal, typed.encode())
            typed = ""
    running.wait(timeout=30)
    os.close(terminal)
    return seen.decode()


def _read(terminal: int) -> bytes:
    """Nothing once the other end is closed, or has been silent for a minute."""
    ready, _, _ = select.select([terminal], [], [], 60)
    try:
        return os.read(terminal, 4096) if ready else b""
    except OSError:
        return b""
