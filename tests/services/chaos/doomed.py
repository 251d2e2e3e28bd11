"""Runs gunicorn, celery or `manage.py up` in this interpreter, with the ten points built into it.

    python -m tests.services.chaos.doomed gunicorn facet.wsgi --bind ...

The product knows nothing of this: its functions are wrapped here, before the first fork, so that children inherit it.
"""

import functools
import io
import os
import runpy
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

POISON_SIZE: Final = (97, 61)
"""Pixels of a photo whose reading kills the process that reads it, every time."""


def around(
    owner: Any,
    name: str,
    *,
    before: Callable[..., object] | None = None,
    after: Callable[..., object] | None = None,
) -> None:
    """Call `before` with what `owner.name` is called with, and `after` with what it returns."""
    real = getattr(owner, name)

    @functools.wraps(real)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if before is not None:
            before(*args, **kwargs)
        result = real(*args, **kwargs)
        if after is not None:
            after(result)
        return result

    setattr(owner, name, wrapped)


def at(point: str) -> Callable[..., None]:
    """What strikes at `point`, whatever it is called with."""
    from tests.services.chaos.points import strike

    return lambda *_, **__: strike(point)


def if_rows_of(model: type, point: str) -> Callable[..., None]:
    """What strikes before rows of `model` are written."""
    return lambda rows, *_, **__: at(point)() if rows.model is model else None


def if_made(model: type, point: str) -> Callable[[object], None]:
    """What strikes when rows of `model` were written."""

    def strike_if(made: object) -> None:
        if isinstance(made, list) and made and isinstance(made[0], model):
            at(point)()

    return strike_if


def _doom_web() -> None:
    from django.db.models import QuerySet

    import facet.urls  # noqa: F401  once before the fork, and not at the first request of each process after a kill
    from analysis import tasks
    from analysis.models import Analysis, Photo

    around(QuerySet, "bulk_create", before=if_rows_of(Photo, "files_kept"), after=if_made(Analysis, "before_commit"))
    around(tasks.read, "apply_async", before=at("after_commit"), after=at("after_publish"))


def _doom_worker() -> None:
    from django.db.models import QuerySet
    from kombu.message import Message

    from analysis import runs
    from analysis.models import Face
    from tests.services.chaos.points import SLOW_MS, strike
    from vision import Reader

    def if_any(point: str) -> Callable[[object], None]:
        return lambda result: strike(point) if result else None

    around(runs, "claim_next", before=at("received"), after=if_any("claimed"))
    around(runs, "finish", before=at("read"), after=if_any("stored"))
    around(QuerySet, "bulk_create", after=if_made(Face, "before_store_commit"))
    around(Message, "ack", before=at("acknowledge"))
    around(Reader, "read", before=_take_poison)
    if slow := float(os.environ.get(SLOW_MS, "0")):
        around(Reader, "read", before=lambda _, photos, **__: time.sleep(len(photos) * slow / 1e3))


def _take_poison(_: object, photos: Sequence[bytes], **__: object) -> None:
    from PIL import Image

    for photo in photos:
        with Image.open(io.BytesIO(photo)) as picture:
            if picture.size == POISON_SIZE:
                os.kill(os.getpid(), signal.SIGKILL)


def _doom_supervisor() -> None:
    """Its children are doomed, itself it is not."""
    from facet.supervisor import child, embedded

    # it waits longer after each death, up to half a minute: twenty kills in a row are our doing and no sickness
    setattr(child, "LONGEST_WAIT_S", child.FIRST_WAIT_S)  # noqa: B010
    for name in ("_web", "_worker"):
        real = getattr(embedded, name)
        setattr(embedded, name, lambda *args, real=real: list(_doomed_command(real(*args))))


def _doomed_command(command: Sequence[str]) -> Iterator[str]:
    for word in command:
        if word in {"gunicorn", "celery"}:
            yield "tests.services.chaos.doomed"
        yield word


def main(program: str, *arguments: str) -> None:
    """Become `program`, which must be gunicorn, celery or the path of manage.py."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facet.settings")
    django.setup()
    sys.argv = [program, *arguments]
    if program == "gunicorn":
        _doom_web()
        runpy.run_module("gunicorn", run_name="__main__", alter_sys=True)
    elif program == "celery":
        if "worker" in arguments:
            _doom_worker()
        runpy.run_module("celery", run_name="__main__", alter_sys=True)
    else:
        _doom_supervisor()
        runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])
