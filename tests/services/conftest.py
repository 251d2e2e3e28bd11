"""A database of our own on the given server, an installation over it, and a person who uploads."""

import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from benchmarks.stack.installation import Installation
from tests.journey.conftest import wait_until

UNHURRIED = {"FACET_API_RATE": "0", "FACET_API_UPLOAD_RATE": "0"}
"""Tests ask more often than people do."""

_numbers = itertools.count(1)


@contextmanager
def own_database() -> Iterator[str]:
    """The address of a database that nobody else uses and that goes away."""
    server = os.environ["FACET_TEST_DATABASE_URL"]
    name = f"facet_test_{os.getpid()}_{time.time_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Person:
    """Somebody with a token, a photo of a face and a place to send it to."""

    def __init__(self, api: httpx.Client, photo: bytes) -> None:
        self.api = api
        self._photo = photo

    def upload(self, count: int = 1) -> list[str]:
        """The ids of so many photos; no two have the same bytes, which would make them one."""
        files = [("photos", (f"{n}.jpg", self._photo + next(_numbers).to_bytes(8, "big"))) for n in range(count)]
        accepted = self.api.post("/photos/", files=files).raise_for_status().json()["accepted"]
        assert len(accepted) == count
        return [photo["id"] for photo in accepted]

    def analysis(self, uuid: str) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"/photos/{uuid}/").raise_for_status().json()["analysis"]
        return found

    def outcomes(self, ids: list[str], seconds: float = 60) -> list[tuple[str, int]]:
        """Of each photo, once all are finished: the status and the number of faces."""
        finished = wait_until(lambda: self._finished(ids), seconds=seconds, what=f"{len(ids)} analyses")
        return [(analysis["status"], len(analysis["faces"])) for analysis in finished]

    def _finished(self, ids: list[str]) -> list[dict[str, Any]] | None:
        found = [self.analysis(uuid) for uuid in ids]
        return found if all(analysis["status"] in {"done", "failed"} for analysis in found) else None


@contextmanager
def somebody(installation: Installation, photo: bytes) -> Iterator[Person]:
    headers = {"Authorization": f"Token {installation.token('ann@example.org')}"}
    url = f"{installation.url}/api/v1"
    with httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as api:
        try:
            yield Person(api, photo)
        except BaseException:
            sys.stderr.write(installation.last_words())  # pytest shows it with what failed
            raise


@pytest.fixture(scope="module")
def ann_of(astronaut_jpeg: bytes) -> Callable[[Installation], Any]:
    """ann, at the installation that is given."""
    return lambda installation: somebody(installation, astronaut_jpeg)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stack")
