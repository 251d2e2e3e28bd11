"""Mutated photos through the whole of it: the API, intake, the storage, a worker's task with the real engine.

A process of its own, so that its memory can be watched and a decoder that crashes is noticed:
`python -m tests.safety.fuzz_uploads --count 10000`. The last line is a summary as JSON; the exit status is 1 when there
was a problem, and a file that takes too long ends the process with every thread's stack.
"""

import argparse
import collections
import faulthandler
import json
import logging
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facet.settings_test")

MEGABYTE: Final = 1024 * 1024
LONGEST_S: Final = 60
"""For one file; a hang, however slow and busy the machine."""
ROOM: Final = 2048 * MEGABYTE
"""Of addresses beyond those in use once everything is loaded: more is refused by the system, not taken from others."""
PAGE_EVERY: Final = 10
"""Of so many files one is sent by the page's form, the others by the API."""
CODES: Final = {"empty", "too_large", "too_small", "too_complex", "unsupported", "unreadable"}


def status(name: str) -> int:
    """A size of this process in bytes, as Linux tells it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) * 1024


class Run:
    """One run: what came of each file, and what should not have."""

    def __init__(self) -> None:
        """Signs somebody in; the database is made before."""
        from django.test import Client
        from rest_framework.test import APIClient

        from accounts.models import User
        from tests.conftest import agree

        self.owner = agree(User.objects.create_user("ann@example.org"))
        self.program = APIClient()
        self.program.force_authenticate(self.owner)
        self.browser = Client()
        self.browser.force_login(self.owner, backend="django.contrib.auth.backends.ModelBackend")
        self.outcomes: collections.Counter[str] = collections.Counter()
        self.problems: list[str] = []
        self.peak = self.slowest = 0.0

    def send(self, name: str, data: bytes, *, by_page: bool) -> None:
        """One file, with an eye on time and memory."""
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
        faulthandler.dump_traceback_later(LONGEST_S, exit=True)
        before, began = status("VmRSS"), time.monotonic()
        try:
            outcome = self._by_page(data) if by_page else self._by_program(data)
        except Exception as error:
            outcome = f"{type(error).__name__}: {error}"
        faulthandler.cancel_dump_traceback_later()
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.peak = max(self.peak, status("VmHWM") - before)
        self.outcomes[outcome] += 1
        if outcome not in CODES | {"done", "known"}:
            self.problems.append(f"{name}: {outcome}")

    def _by_program(self, data: bytes) -> str:
        answer: Any = self.program.post("/api/v1/photos/", {"photos": [_file(data)]})
        if answer.status_code == 400:
            rejected = answer.json()["rejected"][0]
            return str(rejected["code"] if rejected["detail"].endswith(".") else f"no sentence: {rejected}")
        if answer.status_code not in {200, 202}:
            return f"{answer.status_code} {answer.content[:200]!r}"
        return self._read() if answer.json()["accepted"] else "known"

    def _by_page(self, data: bytes) -> str:
        answer: Any = self.browser.post("/photos/upload/", {"photos": [_file(data)]}, HTTP_ACCEPT="application/json")
        if answer.status_code != 200:
            return f"{answer.status_code} {answer.content[:200]!r}"
        told = answer.json()
        if told["rejected"]:
            sentence = told["rejected"][0]["sentence"]
            return "unreadable" if sentence.endswith(".") else f"no sentence: {sentence}"
        return self._read() if told["accepted"] else "known"

    def _read(self) -> str:
        """What the worker makes of the photo, which is removed again."""
        from analysis import services, tasks
        from analysis.models import Photo

        tasks.read()
        photo = Photo.objects.get(owner=self.owner)
        newest = photo.newest
        services.delete_photo(photo)
        if newest is None or newest.status not in {"done", "failed"}:
            return f"left {newest and newest.status}, {newest and newest.last_error}"
        if newest.status == "failed":
            return f"stored and then {newest.failure_code}: {newest.failure_sentence}"
        return "done"


def _file(data: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("photo.jpg", data, "image/jpeg")


def run(count: int, first: int) -> dict[str, Any]:
    """Files `first` to `first + count`; what to say about them."""
    from django.conf import settings
    from django.core.cache import cache

    from tests.safety.mutations import mutated
    from tests.vision.crafting import encoded, scenery

    settings.PHOTOS_PER_DAY = 0
    this = Run()
    for number in range(20):  # what is loaded once, and the pools that memory comes from, are no file's
        this.send(f"warm {number}", encoded(scenery(400, 300, seed=number), "JPEG"), by_page=number % 2 == 1)
    this.outcomes.clear()
    this.peak = this.slowest = 0.0
    resource.setrlimit(resource.RLIMIT_AS, (status("VmSize") + ROOM,) * 2)
    resident = halfway = status("VmRSS")
    began = time.monotonic()
    for seed in range(first, first + count):
        cache.clear()  # or so many requests are too many
        name, data = mutated(seed)
        this.send(name, data, by_page=seed % PAGE_EVERY == 0)
        if seed == first + count // 2:
            halfway = status("VmRSS")
    return {
        "files": sum(this.outcomes.values()),
        "problems": this.problems,
        "outcomes": dict(this.outcomes.most_common()),
        "peak_mb": round(this.peak / MEGABYTE, 1),
        "growth_mb": round((status("VmRSS") - resident) / MEGABYTE, 1),
        "growth_of_second_half_mb": round((status("VmRSS") - halfway) / MEGABYTE, 1),
        "slowest_s": round(this.slowest, 2),
        "seconds": round(time.monotonic() - began, 1),
    }


def main() -> int:
    """From the command line."""
    import django
    from django.test.utils import setup_test_environment

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="how many files")
    parser.add_argument("--first", type=int, default=0, help="the number of the first one: a problem names its own")
    asked = parser.parse_args()
    django.setup()
    setup_test_environment()
    logging.disable(logging.CRITICAL)
    from django.db import connection

    from analysis import tasks

    connection.creation.create_test_db(verbosity=0)
    tasks.ring = lambda: None  # the task is called here, no broker is asked
    summary = run(asked.count, asked.first)
    sys.stdout.write(f"{json.dumps(summary)}\n")
    return 1 if summary["problems"] else 0


if __name__ == "__main__":
    faulthandler.enable()
    sys.exit(main())
