"""Facet's own processes, started as docker-compose.yml and docker/Dockerfile start them, or by `manage.py up`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx

from benchmarks.stack.program import Program, clean_environment, free_port

ROOT: Final = Path(__file__).resolve().parents[2]
STOP_WITHIN_S: Final = 75.0
"""A worker may finish its photo: the grace period in docker-compose.yml and a bit."""

ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

BEAT_COMMAND: Final = ["celery", "--app", "facet", "beat", "--loglevel", "WARNING"]
CHORES_COMMAND: Final = [
    *("celery", "--app", "facet", "worker", "--pool", "threads", "--concurrency", "4"),
    *("--queues", "chores", "--hostname", "chores@%h", "--loglevel", "WARNING"),
]

TOKEN_CODE: Final = """
import sys, django
django.setup()
from accounts.consent import services
from accounts.consent.models import Via
from accounts.consent.purposes import offered
from accounts.models import ApiToken, User
person, _ = User.objects.get_or_create(email=sys.argv[1])
services.decide(person, dict.fromkeys(offered(), True), via=Via.API)
print(ApiToken.objects.create(user=person, name="stack")[1])
"""


def web_command(bind: str, workers: int, threads: int) -> list[str]:
    """As in docker/Dockerfile."""
    return [
        *("gunicorn", "facet.wsgi", "--bind", bind, "--worker-class", "gthread"),
        *("--workers", str(workers), "--threads", str(threads), "--timeout", "120"),
        *("--no-control-socket", "--log-level", "warning"),
    ]


def worker_command(concurrency: int) -> list[str]:
    """As in docker-compose.yml."""
    return [
        *("celery", "--app", "facet", "worker", "--pool", "prefork", "--concurrency", str(concurrency)),
        *("--queues", "celery,sweep", "--loglevel", "WARNING"),
    ]


class Installation:
    """One Facet in `folder`; without URLs over SQLite and the embedded broker, as on a laptop."""

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str | None = None,
        broker_url: str | None = None,
        cache_url: str | None = None,
        environment: dict[str, str] | None = None,
        host: str = "127.0.0.1",
        port: int | None = None,
    ) -> None:
        """`environment` holds further settings; nothing of the caller's own environment or `.env` reaches Facet."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder.resolve()
        self.host = host
        self.port = port or free_port()
        services = {"DATABASE_URL": database_url, "FACET_BROKER_URL": broker_url, "FACET_CACHE_URL": cache_url}
        self.environment = {
            **clean_environment(),
            **ONE_THREAD,
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "facet.settings",
            "FACET_ENV_FILE": os.devnull,
            "FACET_SECRET_KEY": "only-for-tests-and-benchmarks-" + "x" * 30,
            "FACET_ALLOWED_HOSTS": f"localhost,127.0.0.1,{host}",
            "FACET_VAR_DIR": str(self.folder / "var"),
            "FACET_STATIC_DIR": str(self.folder / "static"),
            **{name: url for name, url in services.items() if url},
            **(environment or {}),
        }
        self._programs: dict[str, Program] = {}
        self._wanted: set[str] = set()

    @property
    def url(self) -> str:
        """Of the web server, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    def initialise(self, *, static: bool = True) -> None:
        """Migrate the database and collect the static files, which only pages need. Raises RuntimeError."""
        self.manage("initialise")
        if static:
            self.manage(
                "collectstatic", "--noinput", "--ignore", "*redoc*", "--ignore", "*es-bundle*", "--verbosity", "0"
            )

    def manage(self, *words: str) -> str:
        """Run a command of `manage.py`; what it printed. Raises RuntimeError."""
        return self._run("manage.py", *words)

    def token(self, email: str) -> str:
        """A new API token for the person with that address, who is made if not there."""
        return self._run("-c", TOKEN_CODE, email).strip()

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            check=False,
            text=True,
            capture_output=True,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words[:2])}: {done.stderr[-3000:]}")
        return done.stdout

    def start_web(
        self,
        *,
        workers: int = 1,
        threads: int = 8,
        launcher: tuple[str, ...] = ("-m", "gunicorn"),
        cpus: Collection[int] | None = None,
        prefix: tuple[str, ...] = (),
    ) -> None:
        """The web server, as `web`; `launcher` are the words after `python`, `prefix` those before it."""
        command = [*launcher, *web_command(f"{self.host}:{self.port}", workers, threads)[1:]]
        self._start("web", command, cpus, prefix)

    def start_worker(
        self,
        name: str = "worker",
        *,
        concurrency: int = 1,
        launcher: tuple[str, ...] = ("-m", "celery"),
        cpus: Collection[int] | None = None,
        prefix: tuple[str, ...] = (),
    ) -> None:
        """A worker with `concurrency` processes, each with its own models."""
        command = [*launcher, *worker_command(concurrency)[1:], "--hostname", f"{name}@%h"]
        self._start(name, command, cpus, prefix)

    def start_beat(self) -> None:
        """What rings for the sweep, as `beat`."""
        self._start("beat", ["-m", *BEAT_COMMAND])

    def start_chores(self) -> None:
        """What does chores, as `chores`."""
        self._start("chores", ["-m", *CHORES_COMMAND])

    def start_embedded(self, workers: int = 1, *, launcher: tuple[str, ...] = ("manage.py",)) -> None:
        """All of it under `manage.py up`, as `embedded`."""
        bind = ("--host", self.host, "--port", str(self.port))
        self._start("embedded", [*launcher, "up", *bind, "--workers", str(workers)])

    def _start(
        self, name: str, command: list[str], cpus: Collection[int] | None = None, prefix: tuple[str, ...] = ()
    ) -> None:
        if name in self._programs and self._programs[name].running:
            raise RuntimeError(f"{name} runs already")
        self._wanted.add(name)
        self._programs[name] = Program(
            [sys.executable, *command],
            self.folder / f"{name}.log",
            environment=self.environment,
            cwd=ROOT,
            prefix=prefix,
            cpus=cpus,
        )

    def process(self, name: str) -> subprocess.Popen[bytes]:
        """The main process of what was started under `name`. Raises KeyError."""
        return self._programs[name].process

    def log(self, name: str) -> str:
        """All that it has written so far."""
        return self._programs[name].log.read_text(errors="replace")

    def wait_until_ready(self, seconds: float) -> None:
        """Return once `/readyz` says that photos can be taken and read. Raises RuntimeError with the logs' ends."""
        deadline = time.monotonic() + seconds
        answer = "no answer"
        with httpx.Client(timeout=5, trust_env=False) as client:
            while time.monotonic() < deadline and all(self._programs[name].running for name in self._wanted):
                try:
                    response = client.get(f"{self.url}/readyz")
                except httpx.TransportError:
                    time.sleep(0.1)
                    continue
                if response.status_code == 200:
                    return
                answer = response.text
                time.sleep(0.1)
        raise RuntimeError(f"{self.url} is not ready: {answer}\n{self.last_words()}")

    def last_words(self) -> str:
        """The ends of all logs: why something did not happen."""
        return "\n".join(f"--- {name}\n{program.last_words()}" for name, program in self._programs.items())

    def stop(self, name: str | None = None) -> None:
        """Ask it to end, or all of them at once, and wait for it."""
        chosen = [name] if name else list(self._programs)
        self._wanted.difference_update(chosen)
        for one in chosen:
            self._programs[one].ask_to_stop(signal.SIGTERM)
        for one in chosen:
            self._programs[one].make_sure(STOP_WITHIN_S)

    def kill(self, name: str) -> None:
        """SIGKILL to it and all its descendants."""
        self._wanted.discard(name)
        self._programs[name].kill()

    def __enter__(self) -> Self:
        """As it is: what to start is said by the caller."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Everything stopped."""
        self.stop()
