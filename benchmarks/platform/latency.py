"""One photo at a time on an idle installation: how long the upload takes, and how long until its result is stored."""

import random
import time

from benchmarks.bench import Bench
from benchmarks.figures import Figure, Group, milliseconds, ninety_fifth
from benchmarks.photos import photo
from benchmarks.platform.client import distinct
from benchmarks.platform.goals import STORED
from benchmarks.platform.stacks import KINDS, Stack, running

ROUNDS = 60
WARM = 5
PAUSE_S = (0.1, 0.6)
"""Between two photos, at random, so that they do not fall in step with anybody's polling."""
WITHIN_S = 30


def measure(bench: Bench) -> list[Group]:
    """A group for each stack."""
    groups = []
    for kind in KINDS:
        with running(kind) as stack:
            samples = _samples(stack, bench.rounds(ROUNDS))
        groups.append(Group(f"Idle, one photo of 1 MP at a time, {KINDS[kind]}", "", rows(samples, kind)))
    return groups


def rows(samples: list[dict[str, float]], kind: str) -> tuple[Figure, ...]:
    """From moments in seconds: of the request, its answer, the claim, and the result that others can see.

    A result that is there before the answer has arrived took no time from then on.
    """
    upload = [each["answered"] - each["began"] for each in samples]
    claimed = [max(each["started"] - each["answered"], 0) for each in samples]
    stored = [max(each["visible"] - each["answered"], 0) for each in samples]
    both = [each["visible"] - each["began"] for each in samples]
    return (
        milliseconds("upload: request to answer", upload),
        milliseconds("answer to claim by the worker", claimed),
        milliseconds("answer to stored result", stored),
        ninety_fifth("answer to stored result", stored, goal=STORED[kind]),
        milliseconds("request to stored result", both),
        ninety_fifth("request to stored result", both),
    )


def _samples(stack: Stack, count: int) -> list[dict[str, float]]:
    client = stack.client()
    pause = random.Random(0)
    found = []
    for _, data in zip(range(WARM + count), distinct(photo(1, 1)), strict=False):
        time.sleep(pause.uniform(*PAUSE_S))
        sent = client.send(data)
        moments = stack.inside.call("follow", uuid=sent.uuid, seconds=WITHIN_S)
        found.append({"began": sent.began, "answered": sent.answered, **moments})
    return found[WARM:]
