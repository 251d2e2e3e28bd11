"""From the bytes of a JPEG to the result, by size of the photo, by faces and by detector; and where the time goes."""

from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.bench import Bench
from benchmarks.contenders import DETECTORS, ENGINE
from benchmarks.figures import Figure, Goal, Group, milliseconds
from benchmarks.goals import ONE_MEGAPIXEL, TWELVE_MEGAPIXELS
from benchmarks.photos import GRIDS, SIDES, photo
from benchmarks.timing import median, take_turns
from benchmarks.workers import Worker

ROUNDS, SECONDS = 60, 5.0
"""For each photo, whichever ends first."""
SPLIT = ((1, 1), (1, 20), (12, 1))
"""Megapixels and faces of the photos whose stages are shown."""

Results = list[dict[str, Any]]


def measure(bench: Bench) -> list[Group]:
    """A group for each detector, then the stages."""
    rows: dict[str, list[Figure]] = {detector: [] for detector in DETECTORS}
    stages: list[Figure] = []
    for megapixels in SIDES:
        for faces in GRIDS:
            samples, results = _read(bench, photo(megapixels, faces))
            for detector in DETECTORS:
                found = results[detector][0]["faces"]
                name = f"{megapixels:g} MP, {people(faces)}{'' if found == faces else f' ({found} found)'}"
                goal = goal_of(megapixels, faces) if detector == DETECTORS[0] else None
                rows[detector].append(milliseconds(name, samples[detector], unit=samples[DETECTORS[0]], goal=goal))
            if (megapixels, faces) in SPLIT:
                stages += split(f"{megapixels:g} MP, {people(faces)}", results[DETECTORS[0]])
    groups = [Group(f"Bytes to result, {name}", f"to {DETECTORS[0]}", tuple(rows[name])) for name in DETECTORS]
    return [*groups, Group(f"Stages, {DETECTORS[0]}", "to all stages", tuple(stages))]


def goal_of(megapixels: float, faces: int) -> Goal | None:
    """What is asked of the engine; of 12 megapixels for any number of faces, as none is named."""
    if megapixels == 12:
        return TWELVE_MEGAPIXELS
    return ONE_MEGAPIXEL if (megapixels, faces) == (1, 1) else None


def people(faces: int) -> str:
    """In words."""
    return "1 face" if faces == 1 else f"{faces} faces"


def split(name: str, results: Results) -> list[Figure]:
    """The median of each stage, and its share of all."""
    medians = {stage: median([result["stages"][stage] for result in results]) for stage in results[0]["stages"]}
    whole = sum(medians.values())
    return [
        Figure(f"{name}: {stage}", "ms", value, samples=len(results), ratio=value / whole)
        for stage, value in medians.items()
    ]


def _read(bench: Bench, file: bytes) -> tuple[dict[str, list[float]], dict[str, Results]]:
    """Seconds and results by detector."""
    calls: dict[str, Callable[[], float]] = {}
    results: dict[str, Results] = {detector: [] for detector in DETECTORS}
    for detector in DETECTORS:
        worker = bench.workers(ENGINE if detector == DETECTORS[0] else f"engine {detector}")
        worker.keep("photo", file)
        calls[detector] = partial(_once, worker, results[detector])
    return take_turns(calls, bench.rounds(ROUNDS), seconds=bench.seconds(SECONDS)), results


def _once(worker: Worker, results: Results) -> float:
    worker.begin("read", "photo")
    seconds, result = worker.finish()
    results.append(result)
    return seconds
