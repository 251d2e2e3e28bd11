"""Processes from nothing: how long until they are warm, and what they keep in memory. Needs Linux (`/proc`)."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[1]

_READING = """
print("warm", flush=True)
for line in sys.stdin:
    with open(line.strip(), "rb") as file:
        contender.read(NAMED)
    print("read", flush=True)
"""
BARE = 'print("warm", flush=True)'
"""Python alone."""
ENGINE = "import sys; from vision import Reader; contender = Reader.load()" + _READING.replace("NAMED", "[file.read()]")
ORIGINAL = "import sys; from benchmarks.contenders.original import Original; contender = Original()" + _READING.replace(
    "NAMED", "file.read()"
)


class Fresh:
    """A Python process that runs `code`; use it in a `with`. `seconds` is the time from its start to "warm"."""

    def __init__(self, code: str, **environment: str) -> None:
        """Start it and wait for "warm". Raises RuntimeError when it ends before."""
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        began = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._expect("warm")
        self.seconds = time.perf_counter() - began

    def read(self, photo: Path) -> None:
        """Let it read the file."""
        assert self._process.stdin is not None
        print(photo, file=self._process.stdin, flush=True)
        self._expect("read")

    def megabytes(self, which: str) -> float:
        """Resident memory: `VmRSS` now, `VmHWM` at its highest since the start."""
        return megabytes(Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8"), which)

    def _expect(self, word: str) -> None:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if line.strip() != word:
            self._errors.seek(0)
            raise RuntimeError(f"the process said {line!r} instead of {word!r}: {self._errors.read()}")

    def __enter__(self) -> "Fresh":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()
        self._errors.close()


def megabytes(status: str, which: str) -> float:
    """The line `which` of a `/proc/PID/status` in millions of bytes; there it stands in units of 1024."""
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(fields[which].split()[0]) * 1024 / 1e6
