"""One program that runs in the background and can be stopped or killed with all its descendants."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

KEPT: Final = ("PATH", "HOME", "LANG", "TMPDIR")
"""Of the environment of whoever starts a program: their settings must not leak into it."""


def free_port() -> int:
    """A TCP port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment() -> dict[str, str]:
    """What a program needs to be found and nothing that would set it up."""
    return {name: os.environ[name] for name in KEPT if name in os.environ}


class Program:
    """A process and the file that gets its output."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        environment: Mapping[str, str],
        cwd: Path,
        prefix: Sequence[str] = (),
        cpus: Collection[int] | None = None,
        end_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Start it; `cpus` are the only ones it may use, `end_signal` is what it gets when we die."""
        pinned = ["taskset", "--cpu-list", ",".join(map(str, sorted(cpus)))] if cpus else []
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [*prefix, "setpriv", "--pdeathsig", end_signal.name.removeprefix("SIG"), *pinned, *command],
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches only whoever started it
            )
        self.log = log
        self._family: set[psutil.Process] = set()

    @property
    def running(self) -> bool:
        """Whether it is there."""
        return self.process.poll() is None

    def ask_to_stop(self, number: signal.Signals) -> None:
        """Send `number`, once: a second SIGTERM would make Celery drop what it holds."""
        self._look_for_family()
        if self.running:
            self.process.send_signal(number)

    def make_sure(self, seconds: float) -> None:
        """Wait that long for it to end, then kill what is left of it."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self.kill()

    def kill(self) -> None:
        """SIGKILL to it and to all its descendants, as when the machine loses its power."""
        self._look_for_family()
        for process in self._family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()
        psutil.wait_procs(self._family, timeout=10)

    def _look_for_family(self) -> None:
        """Remember all descendants: those of a process that has ended can no longer be found."""
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.process.pid)
            self._family.update([parent, *parent.children(recursive=True)])

    def last_words(self, characters: int = 3000) -> str:
        """The end of its output."""
        return self.log.read_text(errors="replace")[-characters:]

    def wait_until(self, ask: Callable[[], bool], seconds: float) -> None:
        """Return once `ask` says yes. Raises RuntimeError with its last words when it ends or `seconds` are over."""
        deadline = time.monotonic() + seconds
        while not ask():
            if not self.running or time.monotonic() > deadline:
                state = "is not ready" if self.running else f"ended with {self.process.returncode}"
                raise RuntimeError(f"{self.log.stem} {state}: {self.last_words()}")
            time.sleep(0.05)
