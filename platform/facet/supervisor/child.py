"""A child process that is kept alive, and that never outlives us."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

log = logging.getLogger(__name__)

PR_SET_PDEATHSIG: Final = 1
FIRST_WAIT_S: Final = 0.5
LONGEST_WAIT_S: Final = 30.0
STEADY_AFTER_S: Final = 60.0
"""A child that lived this long has recovered: the next restart is quick again."""


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when its parent dies, even by SIGKILL. Linux only; elsewhere nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


class Child:
    """One program under supervision, in a process group of its own so that Ctrl-C reaches only the supervisor."""

    def __init__(self, name: str, command: Sequence[str], environment: dict[str, str] | None = None) -> None:
        """`environment` is added to ours."""
        self.name = name
        self._command = list(command)
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._wait = FIRST_WAIT_S
        self._not_before = 0.0

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the program."""
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  the supervisor has one thread
        )

    def keep_alive(self) -> bool:
        """Start the program again if it ended, later each time; whether it was started again just now."""
        now = time.monotonic()
        if self.running:
            if now - self._started > STEADY_AFTER_S:
                self._wait = FIRST_WAIT_S
            return False
        if self._process is not None:
            code = self._process.returncode
            log.warning("%s ended (%s); it is started again in %.1f s", self.name, _ending(code), self._wait)
            self._kill_group()
            self._process = None
            self._not_before = now + self._wait
            self._wait = min(self._wait * 2, LONGEST_WAIT_S)
        if now < self._not_before:
            return False
        self.start()
        return True

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the program's main process, which stops its own children in order."""
        if self._process is not None and self.running:
            self._process.terminate()

    def make_sure(self, deadline: float) -> None:
        """Wait until `deadline` (time.monotonic) for it to end, then kill what is left of its process group."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(deadline - time.monotonic(), 0.0))
        self._kill_group()
        self._process.wait()

    def _kill_group(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"by {signal.Signals(-code).name}"
    return f"with exit code {code}"
