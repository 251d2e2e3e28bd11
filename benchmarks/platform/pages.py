"""Pages, lists and a delete in databases of 1,000, 100,000 and 1,000,000 analyses, through gunicorn over HTTP.

One PostgreSQL holds a database for each size, each with a web server of its own; requests go round the sizes, so that
a busy moment of the machine hits all. There are two kinds of databases: the person who looks owns a tenth of all
photos, or all of them.
"""

import http.client
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import psycopg

from benchmarks.bench import Bench
from benchmarks.figures import Figure, Group, milliseconds
from benchmarks.platform.goals import PAGE
from benchmarks.stack.installation import ROOT, Installation
from benchmarks.stack.servers import Postgres
from benchmarks.timing import median, take_turns

ROUNDS, SECONDS = 40, 12.0
"""For each page, whichever ends first."""
WARM: Final = 2
READY_WITHIN_S: Final = 60
SIZES: Final = (1_000, 100_000, 1_000_000)
QUICK_SIZES: Final = (1_000, 100_000)
KINDS: Final = {"a tenth": False, "everything": True}
"""What the person who looks owns, and whether that is everything."""

HISTORY: Final = "history, first page"
PAGES: Final = {
    HISTORY: ("owner", "/photos/"),
    "history, a rare expression": ("owner", "/photos/?emotion=contempt"),
    "history, nothing matches": ("owner", "/photos/?age_from=118&gender=female"),
    "history, could not be read": ("owner", "/photos/?state=failed"),
    "API list": ("program", "/api/v1/photos/"),
    "review queue, not reviewed": ("administrator", "/admin/analysis/face/?reviewed=open"),
    "review queue, owner says it is wrong": ("administrator", "/admin/analysis/face/?reviewed=contested"),
    "analyses in the admin": ("administrator", "/admin/analysis/analysis/"),
    "system at a glance": ("administrator", "/admin/analysis/worker/"),
}
"""Who looks at what."""

Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Filling:
    """A filled database with a web server over it, and how those who look prove who they are."""

    size: int
    installation: Installation
    seconds: float
    headers: Mapping[str, Headers]

    def ask(self, who: str, method: str, path: str) -> tuple[float, bytes]:
        """Seconds and the body. Raises RuntimeError when the answer is no success."""
        status, _, body, seconds = _request(self.installation.url, method, path, self.headers[who])
        if status not in {200, 204}:
            raise RuntimeError(
                f"{method} {path} with {self.size:,} analyses was answered with {status}: {body[:500]!r}"
            )
        return seconds, body


def measure(bench: Bench) -> list[Group]:
    """For each kind: a delete, then the pages, by size; then how long filling took."""
    sizes = SIZES if bench.patience >= 1 else QUICK_SIZES
    rounds = bench.rounds(ROUNDS)
    groups: list[Group] = []
    with ExitStack() as opened:
        folder = Path(
            opened.enter_context(tempfile.TemporaryDirectory(prefix="facet-bench-", ignore_cleanup_errors=True))
        )
        postgres = opened.enter_context(Postgres(folder / "postgres"))
        fillings = _fillings(postgres, folder, sizes, rounds + WARM, opened)
        with psycopg.connect(postgres.url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")  # now, and not while pages are measured
        for kind, filled in fillings.items():
            groups.append(
                Group(f"One person owns {kind}", f"to {sizes[0]:,} analyses", tuple(_figures(filled, rounds)))
            )
        spent = [
            Figure(f"{filling.size:,} analyses, one person owns {kind}", "s", filling.seconds)
            for kind, filled in fillings.items()
            for filling in filled.values()
        ]
    return [*groups, Group("Filling a database", "", tuple(spent))]


def _figures(filled: Mapping[int, Filling], rounds: int) -> Iterator[Figure]:
    """The delete goes first: it takes what was filled in beyond the size, so that pages are measured at the size."""
    photos = {size: _newest(filling, rounds + WARM) for size, filling in filled.items()}
    yield from _rows(
        "delete a photo", filled, rounds, {size: partial(_delete, filled[size], photos[size]) for size in filled}
    )
    for name, (who, path) in PAGES.items():
        yield from _rows(
            name, filled, rounds, {size: partial(_seconds, filling, who, path) for size, filling in filled.items()}
        )


def _rows(
    name: str, filled: Mapping[int, Filling], rounds: int, calls: Mapping[int, Callable[[], float]]
) -> Iterator[Figure]:
    samples = take_turns({str(size): call for size, call in calls.items()}, rounds, seconds=SECONDS, warm=WARM)
    least, *_, most = filled
    for size in filled:
        yield milliseconds(f"{name}, {size:,}", samples[str(size)], unit=samples[str(least)])
    times = median(samples[str(most)]) / median(samples[str(least)])
    goal = PAGE if name == HISTORY else None
    yield Figure(f"{name}, {most:,} against {least:,}", "times", times, samples=rounds, goal=goal)


def _seconds(filling: Filling, who: str, path: str) -> float:
    return filling.ask(who, "GET", path)[0]


def _delete(filling: Filling, photos: list[str]) -> float:
    return filling.ask("program", "DELETE", f"/api/v1/photos/{photos.pop()}/")[0]


def _newest(filling: Filling, count: int) -> list[str]:
    """The ids of the owner's newest photos, those that have files."""
    found = json.loads(filling.ask("program", "GET", f"/api/v1/photos/?page_size={count}")[1])["results"]
    return [photo["id"] for photo in found]


def _fillings(
    postgres: Postgres, folder: Path, sizes: tuple[int, ...], spare: int, opened: ExitStack
) -> dict[str, dict[int, Filling]]:
    """Databases by kind and size, two of them filled at a time."""
    static = {"FACET_STATIC_DIR": str(folder / "static"), "FACET_API_RATE": "0", "FACET_API_UPLOAD_RATE": "0"}
    Installation(folder / "empty", database_url=postgres.url, environment=static).initialise()
    jobs: dict[tuple[str, int], Installation] = {}
    with psycopg.connect(postgres.url.replace("/postgres", "/template1"), autocommit=True) as connection:
        for kind, everything in KINDS.items():
            # the middle size says nothing new about a person who owns everything
            for size in (sizes[0], sizes[-1]) if everything else sizes:
                database = f"filled_{size}_{int(everything)}"
                connection.execute(f'CREATE DATABASE "{database}" TEMPLATE postgres'.encode())
                url = postgres.url.replace("/postgres", f"/{database}")
                jobs[kind, size] = Installation(folder / database, database_url=url, environment=static)
    with ThreadPoolExecutor(2) as pool:
        filled = pool.map(lambda job: _fill(job[1], job[0][1] + spare, KINDS[job[0][0]], spare), jobs.items())
        reports = dict(zip(jobs, filled, strict=True))
    fillings: dict[str, dict[int, Filling]] = {kind: {} for kind in KINDS}
    for (kind, size), installation in jobs.items():
        opened.enter_context(installation)
        installation.start_web(threads=2)
        fillings[kind][size] = Filling(
            size, installation, reports[kind, size]["seconds"], _headers(installation, reports[kind, size])
        )
    return fillings


def _fill(installation: Installation, analyses: int, everything: bool, files: int) -> dict[str, Any]:
    words = ["--analyses", str(analyses), "--files", str(files), *(["--everything"] if everything else [])]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.platform.filling", *words],
        cwd=ROOT,
        env=installation.environment,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"filling: {done.stderr[-3000:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _headers(installation: Installation, report: Mapping[str, Any]) -> dict[str, Headers]:
    """By who looks: the owner and the administrator in a browser, the owner's program."""
    _wait(installation)
    people = {who: _sign_in(installation.url, report[who], report["password"]) for who in ("owner", "administrator")}
    return {**people, "program": {"Authorization": f"Token {installation.token(report['owner'])}"}}


def _wait(installation: Installation) -> None:
    """Until the web server answers; `/readyz` would ask for a worker, which nobody needs here."""
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            if _request(installation.url, "GET", "/healthz", {})[0] == 200:
                return
        except OSError:
            if time.monotonic() > deadline:
                raise RuntimeError(f"no web server: {installation.log('web')[-3000:]}") from None
            time.sleep(0.1)


def _sign_in(url: str, email: str, password: str) -> Headers:
    """The cookie of somebody who signed in by the form. Raises RuntimeError."""
    path = "/account/login/"
    _, headers, body, _ = _request(url, "GET", path, {})
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', body)
    cookie = _cookies(headers)
    if token is None:
        raise RuntimeError(f"{path} has no form")
    form = urlencode({"csrfmiddlewaretoken": token[1].decode(), "login": email, "password": password})
    sent = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Referer": url + path}
    status, headers, _, _ = _request(url, "POST", path, sent, form.encode())
    if status != 302 or "sessionid" not in _cookies(headers):
        raise RuntimeError(f"{email} could not sign in: {status}")
    return {"Cookie": _cookies(headers)}


def _cookies(headers: http.client.HTTPMessage) -> str:
    return "; ".join(line.partition(";")[0] for line in headers.get_all("Set-Cookie", []))


def _request(
    url: str, method: str, path: str, headers: Headers, body: bytes | None = None
) -> tuple[int, http.client.HTTPMessage, bytes, float]:
    """Status, headers, body and the seconds from the request to the end of the body, on a connection that is there."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    connection.connect()
    began = time.perf_counter()
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    content = response.read()
    seconds = time.perf_counter() - began
    connection.close()
    return response.status, response.headers, content, seconds
