"""An installation that is meant to be hurt, on servers of its own, and what an operator's machine does for it."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx
import psutil

from benchmarks.stack.installation import Installation
from benchmarks.stack.servers import Postgres, RabbitMQ, Redis
from tests.services.chaos.ledger import Ledger
from tests.services.chaos.points import FOLDER, SLOW_MS, Armoury

WORKERS: Final = ("one", "two")
"""As on two hosts, each with a process that reads."""
DOOMED: Final = ("-m", "tests.services.chaos.doomed")
LEASE_S: Final = 3
SWEEP_S: Final = 1
RESTART_S: Final = 20.0
"""Allowed beside lease and sweep: for a process to be started again and its models to be loaded, on a busy machine."""
SETTLE_S: Final = LEASE_S + SWEEP_S + RESTART_S
"""After the blow, or after the end of the outage, everything must be settled within this; what is not, hangs."""
PATIENCE_S: Final = 90.0
"""How long we go on watching what hangs, to tell late from never."""
ARRIVING_EVERY_S: Final = 0.25

Files = Sequence[tuple[str, bytes]]


@dataclass(slots=True)
class Answers:
    """What became of uploads as their senders see it."""

    accepted: list[UUID] = field(default_factory=list)
    refused: list[httpx.Response] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    """How each of those requests ended."""


@dataclass
class Rig:
    """One installation, embedded or with services, all of whose processes can be doomed."""

    installation: Installation
    ledger: Ledger
    armoury: Armoury
    redis: Redis | None = None
    postgres: Postgres | None = None
    rabbitmq: RabbitMQ | None = None
    slow_ms: int = 0
    restarts: int = 0
    accepted: set[UUID] = field(default_factory=set)
    """All that was ever promised."""
    _running: dict[str, Callable[[], None]] = field(default_factory=dict)
    _token: str = ""

    @property
    def broker(self) -> Redis | RabbitMQ:
        """What carries the messages. Raises AssertionError where it is embedded."""
        broker = self.rabbitmq or self.redis
        assert broker is not None
        return broker

    @property
    def pace_s(self) -> float:
        """Seconds that are allowed for reading one photo, in one process on a busy machine."""
        return 0.2 + 2 * self.slow_ms / 1e3

    @property
    def media(self) -> Path:
        """Where photos are kept."""
        told = self.installation.environment.get("FACET_MEDIA_DIR")
        return Path(told) if told else self.installation.folder / "var" / "media"

    def start(self) -> None:
        """Everything, warm."""
        if self.postgres is None:
            self._run("embedded", partial(self.installation.start_embedded, launcher=(*DOOMED, "manage.py")))
            self.installation.wait_until_ready(120)
        else:
            self.installation.manage("initialise")  # without static files: only the API is asked
            self._run("web", partial(self.installation.start_web, launcher=(*DOOMED, "gunicorn")))
            self._run("beat", self.installation.start_beat)
            for name in WORKERS:
                self._run(name, partial(self.installation.start_worker, name, launcher=(*DOOMED, "celery")))
            self.installation.wait_until_ready(120)
        self.ledger.install_witness()
        self._token = self.installation.token("ann@example.org")

    def _run(self, name: str, start: Callable[[], None]) -> None:
        self._running[name] = start
        start()

    @contextmanager
    def nobody_reads(self) -> Iterator[None]:
        """Within, all workers stand still."""
        family = [process for name in WORKERS for process in self._family(name)]
        for process in family:
            process.suspend()
        try:
            yield
        finally:
            for process in family:
                process.resume()

    def _family(self, name: str) -> list[psutil.Process]:
        main = psutil.Process(self.installation.process(name).pid)
        return [main, *main.children(recursive=True)]

    def revive(self) -> None:
        """Start again what has died, as systemd or the container runtime would."""
        for name, start in self._running.items():
            if self.installation.process(name).poll() is not None:
                self.installation.kill(name)
                start()
                self.restarts += 1

    @contextmanager
    def person(self) -> Iterator[httpx.Client]:
        """The API, as ann."""
        headers = {"Authorization": f"Token {self._token}"}
        with httpx.Client(base_url=self.installation.url, headers=headers, timeout=60, trust_env=False) as client:
            yield client

    def upload(self, requests: Sequence[Files], *, at_once: int = 4) -> Answers:
        """Send each of `requests`, some at once; meanwhile what dies is started again."""
        answers = Answers()
        with self.person() as api, ThreadPoolExecutor(at_once) as senders:
            sent = [senders.submit(_send, api, files) for files in requests]
            while not all(one.done() for one in sent):
                self.revive()
                time.sleep(0.05)
            for one in sent:
                _count(answers, one.result())
        return answers

    @contextmanager
    def arriving(self, files: Callable[[], Files], answers: Answers) -> Iterator[None]:
        """Within, requests with `files` come one after the other; what became of them goes to `answers`."""
        over = threading.Event()

        def send() -> None:
            with self.person() as api:
                while not over.wait(ARRIVING_EVERY_S):
                    _count(answers, _send(api, files()))

        with ThreadPoolExecutor(1) as sender:
            sending = sender.submit(send)
            try:
                yield
            finally:
                over.set()
                sending.result()

    def wait(self, ask: Callable[[], bool], seconds: float) -> bool:
        """Whether `ask` said yes within `seconds`; meanwhile what dies is started again."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.revive()
            if ask():
                return True
            time.sleep(0.1)
        return False


def _send(api: httpx.Client, files: Files) -> httpx.Response | str:
    parts = [("photos", (name, data, "image/jpeg")) for name, data in files]
    try:
        return api.post("/api/v1/photos/", files=parts)
    except httpx.TransportError as error:
        return repr(error)


def _count(answers: Answers, response: httpx.Response | str) -> None:
    if isinstance(response, str):
        answers.unanswered.append(response)
    elif response.is_success:  # 202, or 200 when all of them were read before the answer was ready
        answers.accepted += [UUID(photo["id"]) for photo in response.json()["accepted"]]
    else:
        answers.refused.append(response)


def _environment(armed: Path, slow_ms: int) -> dict[str, str]:
    return {
        FOLDER: str(armed),
        SLOW_MS: str(slow_ms),
        "FACET_ANALYSIS_LEASE_S": str(LEASE_S),
        "FACET_SWEEP_EVERY_S": str(SWEEP_S),
        "FACET_API_RATE": "0",
        "FACET_API_UPLOAD_RATE": "0",
        "FACET_PHOTOS_PER_DAY": "1000000",
    }


@contextmanager
def rig(
    folder: Path, *, embedded: bool = False, rabbitmq: bool = False, slow_ms: int = 0, media: Path | None = None
) -> Iterator[Rig]:
    """A running installation in `folder`; readings take `slow_ms` longer, photos are kept in `media`."""
    environment = _environment(folder / "armed", slow_ms) | ({"FACET_MEDIA_DIR": str(media)} if media else {})
    with ExitStack() as stack:
        if embedded:
            made = Rig(
                stack.enter_context(Installation(folder / "facet", environment=environment)),
                Ledger(f"sqlite:///{(folder / 'facet').resolve()}/var/facet.sqlite3"),
                Armoury(folder / "armed"),
            )
        else:
            made = _with_services(stack, folder, environment, rabbitmq=rabbitmq)
        made.slow_ms = slow_ms
        made.start()
        yield made


def _with_services(stack: ExitStack, folder: Path, environment: dict[str, str], *, rabbitmq: bool) -> Rig:
    postgres = stack.enter_context(Postgres(folder / "postgres"))
    redis = stack.enter_context(Redis(folder / "redis", appendonly=False))
    rabbit = stack.enter_context(RabbitMQ(folder / "rabbitmq")) if rabbitmq else None
    installation = Installation(
        folder / "facet",
        database_url=postgres.url,
        broker_url=rabbit.url if rabbit else f"{redis.url}/0",
        cache_url=f"{redis.url}/1",
        environment=environment,
    )
    stack.enter_context(installation)
    return Rig(installation, Ledger(postgres.url), Armoury(folder / "armed"), redis, postgres, rabbit)
