"""The supervisor of an embedded installation."""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from accounts import chores
from analysis import runs, tasks, workers
from facet import broker
from facet.supervisor.child import Child, die_with_parent

log = logging.getLogger(__name__)

TICK_S: Final = 0.25
STOP_WITHIN_S: Final = 3.5
WARM_WITHIN_S: Final = 60.0
AT_ONCE: Final = 4
"""Chores at the same time; the same in docker-compose.yml."""

CELERY: Final = (sys.executable, "-m", "celery", "--app", "facet", "--quiet", "worker", "--loglevel", "WARNING")
ALONE: Final = ("--without-gossip", "--without-mingle", "--without-heartbeat")
ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Embedded:
    """Web server, worker and what does chores as children; sweeps while they run; stops all within five seconds."""

    def __init__(self, host: str, port: int, concurrency: int, say: Callable[[str], object]) -> None:
        """`concurrency` is the number of worker processes; `say` gets the few lines that a person should see."""
        self._say = say
        self._web = Child("web server", _web(host, port), ONE_THREAD)
        self._worker = Child("worker", _worker(concurrency), ONE_THREAD)
        self._chores = Child("chores", _chores(), ONE_THREAD)
        self._stopping = False

    def run(self, announce: str) -> None:
        """Start, print `announce` once the models are warm, and supervise until SIGINT or SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        if os.environ.get("FACET_STOP_WITH_PARENT"):
            die_with_parent()
        try:
            started = timezone.now()
            self._release_everything()
            self._web.start()
            self._worker.start()
            if self._wait_until_warm(started):
                self._say(announce)
                self._supervise()
        finally:
            self._end()

    def _stop(self, number: int, frame: object) -> None:  # noqa: ARG002
        self._stopping = True

    def _supervise(self) -> None:
        next_sweep = 0.0
        while not self._stopping:
            self._web.keep_alive()
            if self._worker.keep_alive():
                self._in_peace(self._release_everything)
            if self._chores.keep_alive():  # for the first time only now: nobody who starts Facet waits for chores
                self._in_peace(chores.release_all)
            if time.monotonic() >= next_sweep:
                self._in_peace(self._sweep)
                next_sweep = time.monotonic() + settings.SWEEP_EVERY_S
            time.sleep(TICK_S)

    def _wait_until_warm(self, started: datetime) -> bool:
        """Whether a worker became warm; says so when it takes unusually long, and keeps trying."""
        patience = time.monotonic() + WARM_WITHIN_S
        while not self._stopping:
            if workers.warm_since(started):
                return True
            self._web.keep_alive()
            self._worker.keep_alive()
            if time.monotonic() > patience:
                log.warning("the worker is not ready after %.0f s; its messages above say why", WARM_WITHIN_S)
                patience = time.monotonic() + WARM_WITHIN_S
            time.sleep(TICK_S / 2)
        return False

    def _release_everything(self) -> None:
        """Our only worker is not running, so every lease is lost: do not wait for its end."""
        lost = runs.requeue_lost(every_lease=True)
        workers.forget_all()
        tasks.ring_for_waiting(lost=lost)

    def _sweep(self) -> None:
        """Queue again what lost its worker and ring for what waits."""
        tasks.ring_for_waiting(lost=runs.requeue_lost())

    def _in_peace(self, chore: Callable[[], None]) -> None:
        """Do a chore. A database that is busy for a moment must not end the supervisor; the next sweep mends it."""
        try:
            chore()
        except Exception:
            log.exception("a chore of the supervisor failed; the next sweep is in %d s", settings.SWEEP_EVERY_S)
        finally:
            close_old_connections()

    def _end(self) -> None:
        self._say("Stopping.")
        deadline = time.monotonic() + STOP_WITHIN_S
        for child in (self._web, self._worker, self._chores):
            child.ask_to_stop()
        self._web.make_sure(deadline)
        # An idle Celery worker takes six seconds to end by itself; one that reads nothing may as well be killed.
        while time.monotonic() < deadline and _reading():
            time.sleep(TICK_S / 5)
        for child in (self._worker, self._chores):  # a chore that is cut off is done at the next start
            child.make_sure(min(deadline, time.monotonic() + TICK_S))


def _reading() -> bool:
    """Whether a photo is in the worker's hands; a database that cannot tell is not waited for."""
    try:
        return runs.any_running()
    except DatabaseError:
        return False


def _web(host: str, port: int) -> list[str]:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        *(sys.executable, "-m", "gunicorn", "facet.wsgi", "--bind", bind),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
        *("--timeout", "120", "--graceful-timeout", "2", "--log-level", "warning", "--no-control-socket"),
    ]


def _worker(concurrency: int) -> list[str]:
    pool = ("--pool", "prefork", "--concurrency", str(concurrency))
    return [*CELERY, *pool, "--queues", ",".join(broker.READING), *ALONE]


def _chores() -> list[str]:
    """Threads, as chores wait for disks and other hosts, and as no models are loaded for them."""
    pool = ("--pool", "threads", "--concurrency", str(AT_ONCE))
    return [*CELERY, *pool, "--queues", broker.CHORES, *ALONE, "--hostname", "chores@%h"]
