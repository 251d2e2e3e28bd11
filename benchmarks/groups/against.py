"""Against the original system's pipeline on the same photos: made ones, and the shared ones where they are at hand.

That pipeline uses every core, by its libraries' defaults; the engine uses one.
"""

from collections.abc import Mapping
from functools import partial

from benchmarks.bench import Bench
from benchmarks.contenders import DETECTORS, ENGINE
from benchmarks.figures import Figure, Group, milliseconds
from benchmarks.goals import AGAINST_ORIGINAL
from benchmarks.groups.latency import people
from benchmarks.photos import photo, shared_photos
from benchmarks.timing import median, take_turns

ROUNDS, SECONDS = 5, 6.0
"""For each photo; three rounds at least."""
MADE = ((0.3, 1), (1, 1), (1, 4), (1, 20), (4, 1), (4, 4), (12, 1))
"""Megapixels and faces."""

Samples = dict[str, list[float]]


def measure(bench: Bench) -> list[Group]:
    """Each made photo, then photos a second over all made and over all shared ones."""
    made = {f"{size:g} MP, {people(faces)}": photo(size, faces) for size, faces in MADE}
    samples = {name: _both(bench, file, ROUNDS) for name, file in made.items()}
    rows = [milliseconds(f"original, {name}", taken["original"], unit=taken[ENGINE]) for name, taken in samples.items()]
    rows += photos_a_second("the made photos", samples)
    shared = {name: _both(bench, file, 3) for name, file in shared_photos().items()}
    if shared:
        rows += photos_a_second("the shared photos", shared)
    return [Group("Against the original pipeline, bytes to result", f"to {DETECTORS[0]}", tuple(rows))]


def photos_a_second(photos: str, samples: Mapping[str, Samples]) -> list[Figure]:
    """Both rates over all photos, each taken with its median, and how many times as high the engine's is."""
    engine, original = (
        len(samples) / sum(median(taken[contender]) for taken in samples.values()) for contender in (ENGINE, "original")
    )
    rounds = min(len(taken[ENGINE]) for taken in samples.values())
    return [
        Figure(f"engine, {photos}", "photos/s", engine, samples=rounds, ratio=1.0),
        Figure(f"original, {photos}", "photos/s", original, samples=rounds, ratio=original / engine),
        Figure(f"engine over original, {photos}", "times", engine / original, samples=rounds, goal=AGAINST_ORIGINAL),
    ]


def _both(bench: Bench, file: bytes, rounds: int) -> Samples:
    calls = {}
    for contender in (ENGINE, "original"):
        worker = bench.workers(contender)
        worker.keep("photo", file)
        calls[contender] = partial(worker.seconds, "read", "photo")
    return take_turns(calls, bench.rounds(rounds), seconds=bench.seconds(SECONDS), warm=1)
