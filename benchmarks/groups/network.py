"""The attribute network: int8 on one thread against its Keras reference, which uses every core."""

from functools import partial

from benchmarks.bench import Bench
from benchmarks.figures import Group, milliseconds
from benchmarks.groups.latency import people
from benchmarks.timing import take_turns

ROUNDS, SECONDS = 60, 5.0
RUNTIMES = ("litert", "tensorflow")


def measure(bench: Bench) -> list[Group]:
    """One group, one face and sixteen."""
    rows = []
    for count in (1, 16):
        calls = {name: partial(bench.workers(f"network {name}").seconds, "run", count) for name in RUNTIMES}
        samples = take_turns(calls, bench.rounds(ROUNDS), seconds=bench.seconds(SECONDS))
        rows += [milliseconds(f"{name}, {people(count)}", samples[name], unit=samples["litert"]) for name in RUNTIMES]
    return [Group("Attribute network, int8 (litert) and Keras (tensorflow)", "to litert", tuple(rows))]
