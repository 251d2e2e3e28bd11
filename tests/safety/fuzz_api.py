"""schemathesis against a running server: every operation of the API, alone and one after the other.

`python -m tests.safety.fuzz_api --examples 400` starts a server of its own on a free port, with a database and photos
in a temporary folder, and ends with schemathesis' status. What each operation gets is in schemathesis_hooks.py.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facet.settings_test")

CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
PHOTOS: Final = 40
"""Of each state, since many are deleted on the way."""


def prepare(folder: Path) -> tuple[str, dict[str, list[str]]]:
    """A database with photos in every state; a token, and the ids that the hooks may use."""
    from django.conf import settings
    from django.db import connection

    settings.MEDIA_ROOT = folder / "media"
    settings.DATABASES["default"]["TEST"]["NAME"] = str(folder / "fuzz.sqlite3")
    settings.PHOTOS_PER_DAY = 0
    settings.API_RATES = dict.fromkeys(settings.API_RATES)  # thousands of requests in a minute are what is wanted
    connection.creation.create_test_db(verbosity=0)
    from analysis import tasks
    from analysis.api import polls
    from analysis.models import Face, Status
    from tests.safety.world import EVERYTHING, make_photo, make_world

    tasks.ring = lambda: None
    setattr(polls.Poll, "until", lambda _, ask: ask())  # noqa: B010  nobody reads here, so nobody need wait
    world = make_world()
    world.people["ann"].groups.add(world.things["group"])  # so that the queue of reviewers answers too
    photos = [make_photo(world.people["ann"], state) for _ in range(PHOTOS) for state in Status]
    return world.tokens[EVERYTHING], {
        "photos": [str(photo.uuid) for photo in photos],
        "faces": [str(face.uuid) for face in Face.objects.order_by("pk")],
        "items": [world.things["item"].slug],
    }


def fuzz(*, examples: int, seed: int, report: Path, arguments: list[str]) -> int:
    """schemathesis' exit status; its report, in JSON, at `report`."""
    from django.test.testcases import LiveServerThread, _StaticFilesHandler

    with tempfile.TemporaryDirectory(prefix="facet-fuzz-") as folder:
        token, ids = prepare(Path(folder))
        server: Any = LiveServerThread("127.0.0.1", _StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "run", f"http://127.0.0.1:{server.port}/api/schema/",
            "--header", f"Authorization: Token {token}", "--checks", ",".join(CHECKS), "--max-examples", str(examples),
            "--seed", str(seed), "--generation-database", "none", "--report-json-path", str(report), "--no-color",
            "--continue-on-failure", "--request-timeout", "60", *arguments,
        ]  # fmt: skip
        hooks = {"SCHEMATHESIS_HOOKS": "tests.safety.schemathesis_hooks", "FACET_TEST_FUZZ_IDS": json.dumps(ids)}
        try:
            return subprocess.run(command, check=False, env=os.environ | hooks).returncode
        finally:
            server.terminate()
            server.join()


def main() -> int:
    """From the command line."""
    import django
    from django.test.utils import setup_test_environment

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=400, help="for each operation and phase, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path, default=Path("var/fuzz-api.json"))
    asked, arguments = parser.parse_known_args()
    django.setup()
    setup_test_environment()
    logging.disable(logging.CRITICAL)
    return fuzz(examples=asked.examples, seed=asked.seed, report=asked.report, arguments=arguments)


if __name__ == "__main__":
    sys.exit(main())
