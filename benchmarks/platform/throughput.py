"""Photos a second from HTTP upload to stored result, beside the bare engine on the same core in the same run.

The worker has one core to itself; client, web server, database and broker share the others. So two things are told
apart: what a worker stores when the line is full, and what comes out when the web server has to fill it meanwhile,
by requests of one photo and of ten. Facet's own client sends up to fifty in one.
"""

import itertools
import time
from collections.abc import Mapping
from typing import Final

from benchmarks.bench import Bench
from benchmarks.contenders import ENGINE
from benchmarks.figures import Figure, Group
from benchmarks.photos import photo
from benchmarks.platform.client import distinct, send_together
from benchmarks.platform.cores import worker_core
from benchmarks.platform.goals import THROUGHPUT
from benchmarks.platform.processes import cpu_by_part, held, spent
from benchmarks.platform.rates import steady, whole
from benchmarks.platform.stacks import KINDS, WORKER, Stack, running
from benchmarks.timing import median

PHOTOS, CONNECTIONS = 400, 4
AT_ONCE: Final = (1, 10)
"""Photos in a request."""
BARE_SECONDS = 3.0
DRAIN_WITHIN_S = 300


def measure(bench: Bench) -> list[Group]:
    """Two groups for each stack: rates, and where the processor's time went."""
    groups = []
    for kind in KINDS:
        with running(kind) as stack:
            groups += _measure(bench, stack)
    return groups


def _measure(bench: Bench, stack: Stack) -> list[Group]:
    count = bench.rounds(PHOTOS)
    photos = distinct(photo(1, 1))
    _sent(stack, list(itertools.islice(photos, 20)))  # connections, caches
    bare = [_bare(bench, stack)]
    alone = _drained(stack, list(itertools.islice(photos, count)))
    bare.append(_bare(bench, stack))
    through: dict[int, float] = {}
    groups = []
    for at_once in AT_ONCE:
        through[at_once], used = _through(stack, list(itertools.islice(photos, count)), at_once)
        bare.append(_bare(bench, stack))
        groups.append(where(f"{stack.name}, {_requests(at_once)}", used, each=1000 / through[at_once]))
    return [compare(stack.name, engine=bare, alone=alone, through=through, count=count), *groups]


def compare(stack: str, *, engine: list[float], alone: float, through: Mapping[int, float], count: int) -> Group:
    """From photos a second: of the bare engine several times, of the worker alone, through the whole stack.

    `through` by the number of photos in a request.
    """
    bare = median(engine)
    rows = [
        Figure("bare engine, bytes to reading", "photos/s", bare, samples=len(engine), ratio=1.0),
        Figure("worker, line filled before: line to stored", "photos/s", alone, samples=count, ratio=alone / bare),
        Figure("worker, share of the bare engine", "times", alone / bare, goal=THROUGHPUT),
    ]
    for at_once, rate in through.items():
        how = _requests(at_once)
        rows += [
            Figure(f"whole stack, {how}: HTTP to stored", "photos/s", rate, samples=count, ratio=rate / bare),
            Figure(f"whole stack, {how}, share of the bare engine", "times", rate / bare, goal=THROUGHPUT),
        ]
    return Group(f"Throughput of one worker on a core of its own, 1 MP, {stack}", "to the bare engine", tuple(rows))


def _requests(photos: int) -> str:
    return "a photo a request" if photos == 1 else f"{photos} photos a request"


def where(stack: str, used: dict[str, float], *, each: float) -> Group:
    """Milliseconds of the processor by part, and their shares of the time that a photo took, `each`.

    Shares near 1 are the bottleneck: the worker's of its core, or that of all others together of the cores they share.
    """
    rows = [Figure(part, "ms", value, ratio=value / each) for part, value in used.items()]
    shared = sum(value for part, value in used.items() if part != WORKER)
    rows.append(Figure("all but the worker, on the cores that they share", "ms", shared, ratio=shared / each))
    return Group(f"Processor for a photo through the whole stack, {stack}", "to the time a photo took", tuple(rows))


def _bare(bench: Bench, stack: Stack) -> float:
    """Photos a second of the engine in a process on the worker's core, the worker held meanwhile."""
    engine = bench.workers(ENGINE)
    engine.call("pin", worker_core())
    engine.keep("photo", photo(1, 1))
    with held(stack.worker):
        rate: float = engine.call("read_for", "photo", bench.seconds(BARE_SECONDS))
    return rate


def _sent(stack: Stack, photos: list[bytes]) -> float:
    """When the first was begun; returns once all are read."""
    began = time.time()
    send_together(stack.client(), photos, CONNECTIONS)
    stack.inside.call("wait_until_empty", seconds=DRAIN_WITHIN_S)
    return began


def _drained(stack: Stack, photos: list[bytes]) -> float:
    """The rate of a worker that finds all of them in line, uploaded as ever."""
    with held(stack.worker):
        send_together(stack.client(), photos, CONNECTIONS)
        before = time.time()
    stack.inside.call("wait_until_empty", seconds=DRAIN_WITHIN_S)
    return steady(stack.inside.call("finishes", since=before))


def _through(stack: Stack, photos: list[bytes], at_once: int) -> tuple[float, dict[str, float]]:
    """The rate of everything together, and milliseconds of the processor for a photo by part."""
    client = stack.client()
    before = _used(stack)
    began = time.time()
    send_together(client, photos, CONNECTIONS, at_once=at_once)
    stack.inside.call("wait_until_empty", seconds=DRAIN_WITHIN_S)
    used = spent(before, _used(stack), len(photos))
    return whole(began, stack.inside.call("finishes", since=began)), used


def _used(stack: Stack) -> dict[str, float]:
    """Seconds of the processor so far, by part; the client is this process, without what it started."""
    return {**cpu_by_part(stack.parts), "client": time.process_time()}
