"""The two installations that are measured, embedded and over PostgreSQL and Redis; each is new and disappears again."""

import atexit
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import psutil

from benchmarks.photos import photo
from benchmarks.platform.client import Client
from benchmarks.platform.cores import other_cores, pin, pinned, worker_core
from benchmarks.platform.inside import Inside
from benchmarks.platform.processes import Parts, tree
from benchmarks.stack.installation import Installation
from benchmarks.stack.servers import Postgres, Redis

KINDS: Final = {"embedded": "SQLite + embedded broker", "services": "PostgreSQL + Redis"}
READY_WITHIN_S: Final = 120
SETTINGS: Final = {
    "FACET_API_RATE": "0",
    "FACET_API_UPLOAD_RATE": "0",
    "FACET_PHOTOS_PER_DAY": "1000000",
    "FACET_QUEUE_MAX": "100000",
}
"""Limits out of the way, for one person stands for many here."""
PERSON: Final = "ann@example.org"
WORKER: Final = "worker"


@dataclass(frozen=True, slots=True)
class Stack:
    """A running installation: the worker on a core of its own, all else on the others."""

    kind: str
    installation: Installation
    inside: Inside
    parts: Parts

    @property
    def name(self) -> str:
        """For titles."""
        return KINDS[self.kind]

    @property
    def worker(self) -> list[psutil.Process]:
        """The root of the worker's processes."""
        return list(self.parts[WORKER])

    def readers(self) -> list[psutil.Process]:
        """The processes that read photos: the pool's, not their parent."""
        return [child for root in self.worker for child in tree(root)[1:]]

    def client(self, email: str = PERSON) -> Client:
        """Somebody who sends photos."""
        return Client(self.installation.url, self.installation.token(email))


@contextmanager
def running(kind: str, *, pages: bool = False) -> Iterator[Stack]:
    """An installation of that kind, ready, with one worker process; with `pages`, a browser can use it too.

    This thread keeps off the worker's core meanwhile.
    """
    with ExitStack() as opened:
        made = tempfile.TemporaryDirectory(prefix="facet-bench-", ignore_cleanup_errors=True)
        folder = Path(opened.enter_context(made))
        environment = SETTINGS | ({"FACET_STATIC_DIR": _static()} if pages else {})
        installation, servers = (_embedded if kind == "embedded" else _services)(folder, environment, opened)
        installation.manage("initialise")
        _start(installation, kind)
        installation.wait_until_ready(READY_WITHIN_S)
        parts = {**_programs(installation, kind), **servers}
        core, others = worker_core(), other_cores()
        for part, processes in parts.items():
            for process in processes:
                pin(process, {core} if part == WORKER else others)
        opened.enter_context(pinned(others))
        yield Stack(kind, installation, opened.enter_context(Inside(installation)), parts)


@cache
def _static() -> str:
    """A folder with the static files, made once, for that takes longer than to start everything else."""
    folder = tempfile.TemporaryDirectory(prefix="facet-bench-")
    atexit.register(folder.cleanup)
    installation = Installation(Path(folder.name))
    installation.manage(
        "collectstatic", "--noinput", "--ignore", "*redoc*", "--ignore", "*es-bundle*", "--verbosity", "0"
    )
    return installation.environment["FACET_STATIC_DIR"]


def _embedded(folder: Path, environment: dict[str, str], opened: ExitStack) -> tuple[Installation, Parts]:
    return opened.enter_context(Installation(folder / "facet", environment=environment)), {}


def _services(folder: Path, environment: dict[str, str], opened: ExitStack) -> tuple[Installation, Parts]:
    postgres = opened.enter_context(Postgres(folder / "postgres"))
    redis = opened.enter_context(Redis(folder / "redis"))
    installation = Installation(
        folder / "facet",
        database_url=postgres.url,
        broker_url=f"{redis.url}/0",
        cache_url=f"{redis.url}/1",
        environment=environment,
    )
    servers = {"database": postgres, "broker": redis}
    processes = {name: [psutil.Process(server.process.pid)] for name, server in servers.items()}
    return opened.enter_context(installation), processes


def _start(installation: Installation, kind: str) -> None:
    if kind == "embedded":
        installation.start_embedded()
        return
    installation.start_web()
    installation.start_worker()
    installation.start_beat()


def _programs(installation: Installation, kind: str) -> Parts:
    """Web server and worker; the embedded installation's are children of the supervisor, told by their commands."""
    if kind == "services":
        return {
            part: [psutil.Process(installation.process(name).pid)] for part, name in (("web", "web"), (WORKER, WORKER))
        }
    words = {"gunicorn": "web", "celery": WORKER}
    family = psutil.Process(installation.process("embedded").pid).children()
    children = [child for child in family if "chores" not in child.cmdline()]  # the queue that it is told to read
    return {part: [child for child in children if word in child.cmdline()] for word, part in words.items()}


def add_worker(stack: Stack, cores: set[int]) -> list[psutil.Process]:
    """Another worker of one process, warm; it ends with the installation."""
    stack.installation.start_worker("second", cpus=cores)
    stack.inside.call("wait_for_workers", count=2, seconds=READY_WITHIN_S)
    return [psutil.Process(stack.installation.process("second").pid)]


def picture(stack: Stack, megapixels: float, faces: int) -> str:
    """The path of a photo on disk."""
    path = stack.installation.folder / f"{megapixels}-{faces}.jpg"
    path.write_bytes(photo(megapixels, faces))
    return str(path)
