"""A line of 10,000: what it costs to join it, to look at it and to work it off; and what a second worker adds."""

import re
import time
from html import unescape

from benchmarks.bench import Bench
from benchmarks.figures import Figure, Group, milliseconds
from benchmarks.photos import photo
from benchmarks.platform.client import distinct, get
from benchmarks.platform.cores import other_cores
from benchmarks.platform.processes import held
from benchmarks.platform.rates import steady
from benchmarks.platform.stacks import KINDS, PERSON, Stack, add_worker, picture, running
from benchmarks.timing import median

LINE, SHORT = 10_000, 200
UPLOADS, POLLS = 30, 50
DRAIN_S = 15.0
POLL = re.compile(r'hx-get="([^"]*/status/[^"]*)"')


def measure(bench: Bench) -> list[Group]:
    """A group for each stack; the second worker with PostgreSQL and Redis only."""
    groups = []
    for kind in KINDS:
        with running(kind, pages=True) as stack:
            rows = _measure(bench, stack)
            groups.append(Group(f"A line of {bench.rounds(LINE):,}, {stack.name}", "to an empty line", rows))
            if kind == "services":
                groups.append(_two(bench, stack))
    return groups


def _measure(bench: Bench, stack: Stack) -> tuple[Figure, ...]:
    cookie = stack.inside.call("session", email=PERSON)
    with held(stack.worker):
        uploads = {"empty": _uploads(bench, stack)}
        polls = {"empty": _polls(bench, stack, cookie)}
    stack.inside.call("wake", times=1)
    rates = {"empty": _short(bench, stack)}
    with held(stack.worker):
        stack.inside.call("fill", email=PERSON, files=[picture(stack, 1, 1)], count=bench.rounds(LINE))
        uploads["long"] = _uploads(bench, stack)
        polls["long"] = _polls(bench, stack, cookie)
    rates["long"] = _rate(bench, stack)
    slower = rates["long"] / rates["empty"]
    return (
        milliseconds("upload by somebody whose line is empty", uploads["empty"], unit=uploads["empty"]),
        milliseconds("upload by the person whose line it is", uploads["long"], unit=uploads["empty"]),
        milliseconds("poll of a history page with waiting photos, empty line", polls["empty"], unit=polls["empty"]),
        milliseconds("the same with the long line", polls["long"], unit=polls["empty"]),
        Figure(f"read from a line of {bench.rounds(SHORT)}", "photos/s", rates["empty"], ratio=1.0),
        Figure("read from the long line", "photos/s", rates["long"], ratio=slower),
    )


def _uploads(bench: Bench, stack: Stack) -> list[float]:
    """Seconds of each upload, one after the other; the first is not counted."""
    client = stack.client()
    photos = zip(range(1 + bench.rounds(UPLOADS)), distinct(photo(1, 1)), strict=False)
    sent = [client.send(data) for _, data in photos]
    return [each.answered - each.began for each in sent[1:]]


def _polls(bench: Bench, stack: Stack, cookie: str) -> list[float]:
    """Seconds of what the history page asks for again and again."""
    headers = {"Cookie": f"sessionid={cookie}", "Accept": "text/html"}
    page = get(stack.installation.url, "/photos/", headers)
    found = POLL.search(page.body.decode())
    if found is None:
        raise RuntimeError(f"the history page does not poll: status {page.status}")
    headers["HX-Request"] = "true"
    answers = [get(stack.installation.url, unescape(found[1]), headers) for _ in range(1 + bench.rounds(POLLS))]
    if wrong := {answer.status for answer in answers} - {200, 204, 304}:
        raise RuntimeError(f"the poll was answered with {wrong}")
    return [answer.seconds for answer in answers[1:]]


def _short(bench: Bench, stack: Stack) -> float:
    stack.inside.call("wait_until_empty", seconds=DRAIN_S * 4)
    began = time.time()
    stack.inside.call("fill", email=PERSON, files=[picture(stack, 1, 1)], count=bench.rounds(SHORT))
    stack.inside.call("wait_until_empty", seconds=DRAIN_S * 4)
    return steady(stack.inside.call("finishes", since=began))


def _rate(bench: Bench, stack: Stack, workers: int = 1) -> float:
    """Photos a second over some seconds, while the line lasts."""
    stack.inside.call("wake", times=workers)
    began = time.time()
    time.sleep(bench.seconds(DRAIN_S))
    rate = steady(stack.inside.call("finishes", since=began))
    if not stack.inside.call("waiting"):
        raise RuntimeError("the line was empty before the time was over: this measured nothing")
    return rate


def _two(bench: Bench, stack: Stack) -> Group:
    """In turns, the second worker held or not, so that a busy moment of the machine hits both alike."""
    second = add_worker(stack, other_cores())
    one, two = [], []
    for _ in range(2):
        with held(second):
            one.append(_rate(bench, stack))
        two.append(_rate(bench, stack, 2))
    rows = (
        Figure("one worker, on a core of its own", "photos/s", median(one), samples=len(one), ratio=1.0),
        Figure(
            "two workers, the second on the core of web server and database",
            "photos/s",
            median(two),
            samples=len(two),
            ratio=median(two) / median(one),
        ),
    )
    return Group(f"From one to two workers, a long line, {stack.name}", "to one worker", rows)
