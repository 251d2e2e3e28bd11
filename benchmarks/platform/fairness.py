"""One person's photo while another person's 5,000 wait: how long until it is claimed and until its result is stored."""

import random
import time

from benchmarks.bench import Bench
from benchmarks.figures import Group, milliseconds, ninety_fifth
from benchmarks.photos import photo
from benchmarks.platform.client import distinct
from benchmarks.platform.goals import FAIR
from benchmarks.platform.processes import held
from benchmarks.platform.stacks import KINDS, Stack, picture, running

CROWD = 5000
OTHER = "ben@example.org"
ROUNDS = 30
PAUSE_S = (0.2, 1.2)
WITHIN_S = 120


def measure(bench: Bench) -> list[Group]:
    """A group for each stack. The crowd's rows are written directly, see `verbs.fill`; the one photo is uploaded."""
    groups = []
    for kind in KINDS:
        with running(kind) as stack:
            count = bench.rounds(CROWD)
            with held(stack.worker):
                stack.inside.call("fill", email=OTHER, files=[picture(stack, 1, 1)], count=count)
            samples = _samples(stack, bench.rounds(ROUNDS))
            left = stack.inside.call("waiting")
        groups.append(_group(samples, f"One photo while another person's {left:,} to {count:,} wait, {stack.name}"))
    return groups


def _group(samples: list[dict[str, float]], title: str) -> Group:
    claimed = [max(each["started"] - each["answered"], 0) for each in samples]
    stored = [max(each["visible"] - each["answered"], 0) for each in samples]
    rows = (
        milliseconds("upload: request to answer", [each["answered"] - each["began"] for each in samples]),
        milliseconds("answer to claim by the worker", claimed),
        ninety_fifth("answer to claim by the worker", claimed, goal=FAIR),
        milliseconds("answer to stored result", stored),
        ninety_fifth("answer to stored result", stored),
    )
    return Group(title, "", rows)


def _samples(stack: Stack, count: int) -> list[dict[str, float]]:
    client = stack.client()
    pause = random.Random(0)
    found = []
    for _, data in zip(range(count), distinct(photo(1, 1)), strict=False):
        time.sleep(pause.uniform(*PAUSE_S))
        sent = client.send(data)
        moments = stack.inside.call("follow", uuid=sent.uuid, seconds=WITHIN_S)
        found.append({"began": sent.began, "answered": sent.answered, **moments})
    if not stack.inside.call("waiting"):
        raise RuntimeError("the line was empty before the last photo: this measured nothing")
    return found
