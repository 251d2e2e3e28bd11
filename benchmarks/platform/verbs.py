"""Runs inside an installation and answers `benchmarks.platform.inside`, a line of JSON each way."""

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db.models import Count  # noqa: E402

from accounts.models import User  # noqa: E402
from analysis import line, tasks, workers  # noqa: E402
from analysis.intake import CleanPhoto, clean, receive  # noqa: E402
from analysis.models import FINISHED, Analysis, Lane, Photo, Status  # noqa: E402

ROWS = 1000
"""Rows in one statement."""
BACKEND = "django.contrib.auth.backends.ModelBackend"


def fill(email: str, files: list[str], count: int, ring: bool = True) -> list[str]:
    """Photos of `email` that wait, their pictures in turn those of `files`; the ids of the photos.

    As an upload would leave them: files re-encoded, each photo with files of its own (links to the same bytes), turns
    in line one after the other. What an upload does beside, parsing and decoding, is left out.
    """
    owner, _ = User.objects.get_or_create(email=email)
    models = [_model(owner, Path(file)) for file in files]
    first = line.place(owner.pk, Lane.INTERACTIVE)
    made: list[str] = []
    for start in range(0, count, ROWS):
        numbers = range(start, min(start + ROWS, count))
        photos = Photo.objects.bulk_create([_copy(models[number % len(models)], number) for number in numbers])
        Analysis.objects.bulk_create(
            Analysis(photo=photo, owner=owner, lane=Lane.INTERACTIVE, turn=first + number)
            for photo, number in zip(photos, numbers, strict=True)
        )
        made += [str(photo.uuid) for photo in photos]
    if ring:
        wake(1)
    return made


def wake(times: int) -> None:
    """Ring for a worker."""
    for _ in range(times):
        tasks.ring()


def _model(owner: User, path: Path) -> Photo:
    """A photo that is kept on disk but not in the database."""
    cleaned = clean(receive(SimpleUploadedFile(path.name, path.read_bytes(), "image/jpeg")))
    if not isinstance(cleaned, CleanPhoto):
        raise TypeError(f"{path.name} was refused: {cleaned.sentence}")
    photo = Photo(owner=owner, name=path.name, width=cleaned.width, height=cleaned.height, size=len(cleaned.image))
    photo.image.save("image.jpg", ContentFile(cleaned.image), save=False)
    photo.thumbnail.save("thumbnail.jpg", ContentFile(cleaned.thumbnail), save=False)
    return photo


def _copy(model: Photo, number: int) -> Photo:
    photo = Photo(owner=model.owner, name=model.name, width=model.width, height=model.height, size=model.size)
    photo.sha256 = f"{time.time_ns():032x}{number:032x}"
    for mine, theirs in ((photo.image, model.image), (photo.thumbnail, model.thumbnail)):
        mine.name = mine.field.generate_filename(photo, "copy.jpg")
        to = Path(mine.path)
        to.parent.mkdir(parents=True, exist_ok=True)
        os.link(theirs.path, to)
    return photo


def waiting() -> int:
    """How many are not finished."""
    return Analysis.objects.exclude(status__in=FINISHED).count()


def statuses() -> dict[str, int]:
    """How many there are in each status."""
    return dict(Analysis.objects.order_by().values_list("status").annotate(Count("pk")))


def wait_until_empty(seconds: float) -> None:
    """Return once everything is finished. Raises RuntimeError when that takes too long or something failed."""
    deadline = time.monotonic() + seconds
    while waiting():
        if time.monotonic() > deadline:
            raise RuntimeError(f"after {seconds:.0f} s still: {statuses()}")
        time.sleep(0.1)
    if failed := Analysis.objects.exclude(status=Status.DONE).count():
        raise RuntimeError(f"{failed} photos were not read: {statuses()}")


def wait_for_count(finished: int, seconds: float) -> None:
    """Return once so many are finished. Raises RuntimeError when that takes too long."""
    deadline = time.monotonic() + seconds
    while (found := Analysis.objects.filter(status__in=FINISHED).count()) < finished:
        if time.monotonic() > deadline:
            raise RuntimeError(f"after {seconds:.0f} s {found} of {finished} are finished")
        time.sleep(0.1)


def wait_for_workers(count: int, seconds: float) -> None:
    """Return once so many worker processes are warm. Raises RuntimeError when that takes too long."""
    deadline = time.monotonic() + seconds
    while workers.there().count() < count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"after {seconds:.0f} s there are {workers.there().count()} warm workers, not {count}")
        time.sleep(0.1)


def follow(uuid: str, seconds: float) -> dict[str, float]:
    """Wait for the result of a photo; times as in `times`, and `visible`: when another connection could see it.

    Asks every two milliseconds. Raises RuntimeError when it takes too long or fails.
    """
    deadline = time.monotonic() + seconds
    asked = Analysis.objects.filter(photo__uuid=uuid).values_list("status", flat=True)
    while (status := asked.get()) not in FINISHED:
        if time.monotonic() > deadline:
            raise RuntimeError(f"after {seconds:.0f} s the photo is still {status}")
        time.sleep(0.002)
    visible = time.time()
    if status != Status.DONE:
        raise RuntimeError(f"the photo was not read: {status}")
    return {**times([uuid])[0], "visible": visible}


def times(uuids: list[str]) -> list[dict[str, float]]:
    """When each was queued, last claimed and finished, in seconds since 1970, in the order of `uuids`."""
    found = Analysis.objects.filter(photo__uuid__in=uuids)
    rows = found.values_list("photo__uuid", "queued_at", "started_at", "finished_at")
    known = {
        str(uuid): {
            "queued": queued.timestamp(),
            "started": started.timestamp() if started else 0.0,
            "finished": finished.timestamp() if finished else 0.0,
        }
        for uuid, queued, started, finished in rows
    }
    return [known[uuid] for uuid in uuids]


def finishes(since: float) -> list[float]:
    """When results were stored after `since`, in seconds since 1970, in order."""
    found = Analysis.objects.filter(finished_at__gt=datetime.fromtimestamp(since, UTC)).order_by("finished_at")
    return [moment.timestamp() for moment in found.values_list("finished_at", flat=True) if moment]


def clear() -> None:
    """No photos any more; their files stay, for the folder goes as a whole."""
    Analysis.objects.all().delete()
    Photo.objects.all()._raw_delete("default")


def session(email: str) -> str:
    """The value of a cookie that signs `email` in."""
    person, _ = User.objects.get_or_create(email=email)
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = BACKEND
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.save()
    return str(store.session_key)


VERBS = {
    verb.__name__: verb
    for verb in (
        clear, fill, finishes, follow, session, statuses, times, wait_for_count, wait_for_workers, wait_until_empty,
        waiting, wake,
    )
}  # fmt: skip


def main() -> None:
    """Answer until the other side hangs up; an error ends the process, and its traceback is the answer."""
    for asked in sys.stdin:
        verb, arguments = json.loads(asked)
        answer: Any = VERBS[verb](**arguments)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
