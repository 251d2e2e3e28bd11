"""A contender in a process of its own, as it would serve: with its own threads, memory and libraries."""

import os
import time
import traceback
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

_CONTEXT = get_context("spawn")  # TensorFlow hangs after a fork


class Worker:
    """Holds the contender called `name`. Calls are timed inside, so the way there costs nothing."""

    def __init__(self, name: str) -> None:
        """Start the process and wait until the contender is loaded."""
        self._connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs, name), daemon=True)
        self._process.start()
        theirs.close()
        self.finish()

    def keep(self, key: str, value: Any) -> None:
        """Let the process remember `value`; calls name it by `key`."""
        self.begin("keep", key, value)
        self.finish()

    def begin(self, verb: str, *arguments: Any) -> None:
        """Have the contender's `verb` called, and do not wait."""
        self._connection.send((verb, arguments))

    def finish(self) -> tuple[float, Any]:
        """Seconds and result of what was begun. Raises RuntimeError with the other side's traceback."""
        seconds, result, failure = self._connection.recv()
        if failure:
            raise RuntimeError(failure)
        return seconds, result

    def call(self, verb: str, *arguments: Any) -> Any:
        """The result alone."""
        self.begin(verb, *arguments)
        return self.finish()[1]

    def seconds(self, verb: str, *arguments: Any) -> float:
        """The time alone."""
        self.begin(verb, *arguments)
        return self.finish()[0]

    def close(self) -> None:
        """End the process."""
        self._connection.close()
        self._process.join(10)


class Workers:
    """Workers by name, started when first asked for."""

    def __init__(self) -> None:
        """None yet."""
        self._running: dict[tuple[str, int], Worker] = {}

    def __call__(self, name: str, copy: int = 0) -> Worker:
        """The worker with the contender `name`; another `copy` is another process."""
        if (name, copy) not in self._running:
            self._running[name, copy] = Worker(name)
        return self._running[name, copy]

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._running.values():
            worker.close()


def _serve(connection: Connection, name: str) -> None:
    """Load, then answer until the other side hangs up."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what libraries chat about; errors travel over the connection
    kept: dict[str, Any] = {}
    contender: Any = None
    verb: str = ""
    arguments: tuple[Any, ...] = ()
    while True:
        began = time.perf_counter()
        result, failure = None, ""
        try:
            if not verb:
                contender = _made(name)
            elif verb == "keep":
                kept[arguments[0]] = arguments[1]
            elif verb == "pin":
                os.sched_setaffinity(0, set(arguments))
            else:
                values = [kept.get(each, each) if isinstance(each, str) else each for each in arguments]
                began = time.perf_counter()
                result = getattr(contender, verb)(*values)
        except Exception:
            failure = traceback.format_exc()
        connection.send((time.perf_counter() - began, result, failure))
        try:
            verb, arguments = connection.recv()
        except EOFError:
            return


def _made(name: str) -> Any:
    from benchmarks.contenders import make

    return make(name)
