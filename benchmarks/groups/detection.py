"""Detection alone in a decoded photo whose longer side is 640 pixels."""

from functools import partial

from benchmarks.bench import Bench
from benchmarks.contenders import DETECTORS, ENGINE
from benchmarks.figures import Figure, Group, milliseconds
from benchmarks.goals import DETECTION
from benchmarks.photos import scene
from benchmarks.timing import take_turns

ROUNDS, SECONDS, FACES = 60, 12.0, 4
NAMES = {
    **{f"engine {detector}": f"{detector}, one thread" for detector in DETECTORS},
    "original": "Haar default 1.3, 5 (original), all cores",
    "mtcnn": "MTCNN from PyPI, all cores",
}


def measure(bench: Bench) -> list[Group]:
    """One group, the engine's default first."""
    rgb = scene(640, 480, FACES, seed=FACES)
    calls, found = {}, {}
    for contender in NAMES:
        worker = bench.workers(contender)
        worker.keep("pixels", rgb)
        found[contender] = worker.call("detect", "pixels")
        calls[contender] = partial(worker.seconds, "detect", "pixels")
    samples = take_turns(calls, bench.rounds(ROUNDS), seconds=bench.seconds(SECONDS))
    rows: list[Figure] = []
    for contender, name in NAMES.items():
        shown = name if found[contender] == FACES else f"{name} ({found[contender]} found)"
        goal = DETECTION if contender == ENGINE else None
        rows.append(milliseconds(shown, samples[contender], unit=samples[ENGINE], goal=goal))
    return [Group(f"Detection alone, 640 x 480, {FACES} faces", f"to {DETECTORS[0]}", tuple(rows))]
