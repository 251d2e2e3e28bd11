"""The floor: what the networks' arithmetic alone takes at the measured peak of the core, and how far we are from it.

The peak is that of large int8 networks in the same library on the same thread in the same run, the best of them.
"""

from functools import partial

from benchmarks.bench import Bench
from benchmarks.contenders import ENGINE
from benchmarks.figures import Figure, Group
from benchmarks.macs import multiply_accumulates
from benchmarks.networks import Network, released
from benchmarks.photos import photo, scene
from benchmarks.timing import median, take_turns

ROUNDS, SECONDS = 60, 20.0
PEAKS: dict[str, tuple[str, tuple[int, ...]]] = {
    "convolution 1 x 1": ("convolutions", (32, 512, 1)),
    "convolution 3 x 3": ("convolutions", (32, 192, 3)),
}
DETECTING = ("detector", "points")
"""Haar has no network and so no floor."""


def measure(bench: Bench) -> list[Group]:
    """One group: the peak, the arithmetic, then times and how many times their floor they are."""
    converter = bench.workers("converter")
    large = {name: Network(converter.call(verb, *arguments)) for name, (verb, arguments) in PEAKS.items()}
    ours = released()
    counts = {name: multiply_accumulates(each.model, each.shape) for name, each in (large | ours).items()}
    taken = {name: median(samples) for name, samples in _times(bench, large | ours).items()}
    peak = max(counts[name] / taken[name] for name in large)
    rows = [Figure(f"peak of a core, int8: {name}", "GMAC/s", counts[name] / taken[name] / 1e9) for name in large]
    rows += [Figure(f"{name} network", "MMAC", counts[name] / 1e6) for name in ours]
    rows += [_row(f"{name} network alone", taken[name], counts[name] / peak) for name in ours]
    if set(DETECTING) <= set(ours):
        least = sum(counts[name] for name in DETECTING) / peak
        rows.append(_row("detection, 640 x 480, 1 face", taken["detect"], least))
    everything = sum(counts[name] for name in ours) / peak
    rows.append(_row("bytes to result, 1 MP, 1 face", taken["read"], everything))
    return [Group("The floor, one thread", "times the floor", tuple(rows))]


def _row(name: str, seconds: float, floor: float) -> Figure:
    return Figure(name, "ms", seconds * 1e3, ratio=seconds / floor)


def _times(bench: Bench, networks: dict[str, Network]) -> dict[str, list[float]]:
    """Seconds of each network alone, of detection and of a whole photo, taken in turns."""
    alone, engine = bench.workers("litert"), bench.workers(ENGINE)
    for name, network in networks.items():
        alone.call("take", name, network)
    engine.keep("pixels", scene(640, 480, 1, seed=1))
    engine.keep("photo", photo(1, 1))
    calls = {name: partial(alone.seconds, "run", name) for name in networks}
    calls |= {verb: partial(engine.seconds, verb, what) for verb, what in (("detect", "pixels"), ("read", "photo"))}
    return take_turns(calls, bench.rounds(ROUNDS), seconds=bench.seconds(SECONDS))
