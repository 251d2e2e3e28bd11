"""A fresh process that holds the engine: how soon it is warm and what it keeps in memory."""

import tempfile
from functools import partial
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.contenders import DETECTORS
from benchmarks.figures import Figure, Group
from benchmarks.fresh import BARE, ENGINE, ORIGINAL, Fresh
from benchmarks.goals import MEMORY, START
from benchmarks.photos import SHAPES, jpeg, scene
from benchmarks.timing import median, percentile, take_turns

ROUNDS, SLOW_ROUNDS = 7, 3
READ = 2
"""Times that each of the photos is read, for what the first ones leave behind stands beside the later ones."""
QUICK = {"bare Python": partial(Fresh, BARE)} | {
    detector: partial(Fresh, ENGINE, FACET_DETECTOR=detector, FACET_RUNTIME="litert") for detector in DETECTORS
}
SLOW = {DETECTORS[0]: QUICK[DETECTORS[0]], "original": partial(Fresh, ORIGINAL)}
"""TensorFlow takes seconds, so it is started fewer times."""


def measure(bench: Bench) -> list[Group]:
    """Start, then memory."""
    quick = _starts(QUICK, bench.rounds(ROUNDS))
    slow = _starts(SLOW, bench.rounds(SLOW_ROUNDS))
    rows = [_start(name, taken, quick[DETECTORS[0]]) for name, taken in quick.items()]
    rows.append(_start("original", slow["original"], slow[DETECTORS[0]]))
    starts = Group("Start of a process to warm", f"to {DETECTORS[0]}", tuple(rows))
    with tempfile.TemporaryDirectory(prefix="facet-bench-") as folder:
        files = [Path(folder, f"{width}x{height}.jpg") for width, height in SHAPES]
        for file, sides in zip(files, SHAPES, strict=True):
            file.write_bytes(jpeg(scene(*sides, 1, seed=1)))
        return [starts, _memory(files * READ)]


def _starts(makers: dict[str, partial[Fresh]], rounds: int) -> dict[str, list[float]]:
    return take_turns({name: partial(_seconds, maker) for name, maker in makers.items()}, rounds, warm=1)


def _seconds(maker: partial[Fresh]) -> float:
    with maker() as process:
        return process.seconds


def _start(name: str, taken: list[float], unit: list[float]) -> Figure:
    goal = START if name == DETECTORS[0] else None
    high = percentile(taken, 0.9), percentile(taken, 0.99)
    return Figure(name, "s", median(taken), *high, len(taken), median(taken) / median(unit), goal)


def _memory(files: list[Path]) -> Group:
    """Right after the start; what is left after photos of 12 megapixels; and the highest of all.

    Photos of several shapes, for the detector keeps something for each.
    """
    values = {}
    for name, maker in (QUICK | SLOW).items():
        with maker() as process:
            values[name, "warm"] = process.megabytes("VmRSS")
            if name != "bare Python":
                for file in files:
                    process.read(file)
                values[name, "after photos of 12 MP"] = process.megabytes("VmRSS")
                values[name, "peak with photos of 12 MP"] = process.megabytes("VmHWM")
    rows = []
    for (name, moment), value in values.items():
        goal = MEMORY if (name, moment[:4]) == (DETECTORS[0], "peak") else None
        unit = values[DETECTORS[0], moment]
        rows.append(Figure(f"{name}, {moment}", "MB", value, ratio=value / unit, goal=goal))
    return Group("Resident memory", f"to {DETECTORS[0]}", tuple(rows))
