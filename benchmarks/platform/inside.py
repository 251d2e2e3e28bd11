"""A process with the installation's settings: what the database says, and rows that no upload made."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

from benchmarks.stack.installation import ROOT, Installation


class Inside:
    """Calls the verbs of `benchmarks.platform.verbs` there; use it in a `with`."""

    def __init__(self, installation: Installation) -> None:
        """Start the process; Django is loaded when it answers for the first time."""
        self._errors = (installation.folder / "inside.log").open("w+")
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "benchmarks.platform.verbs"],
            cwd=ROOT,
            env=installation.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            start_new_session=True,  # Ctrl-C is ours alone
        )

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def begin(self, verb: str, **arguments: Any) -> None:
        """Have `verb` called, and do not wait."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([verb, arguments]) + "\n")
        self._process.stdin.flush()

    def finish(self) -> Any:
        """The result of what was begun. Raises RuntimeError with what the process said."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.wait(10)
            self._errors.seek(0)
            raise RuntimeError(f"the process inside the installation ended: {self._errors.read()[-3000:]}")
        return json.loads(line)

    def call(self, verb: str, **arguments: Any) -> Any:
        """The result of `verb`."""
        self.begin(verb, **arguments)
        return self.finish()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()
