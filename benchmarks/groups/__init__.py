"""The measurements by name, in the order of the table. Each takes a `Bench` and gives groups of figures."""

from collections.abc import Callable

from benchmarks.bench import Bench
from benchmarks.figures import Group
from benchmarks.groups import (
    against,
    decoding,
    detection,
    floor,
    latency,
    network,
    process,
    startup,
    throughput,
)

GROUPS: dict[str, Callable[[Bench], list[Group]]] = {
    "latency": latency.measure,
    "detection": detection.measure,
    "against": against.measure,
    "throughput": throughput.measure,
    "process": process.measure,
    "floor": floor.measure,
    "network": network.measure,
    "decoding": decoding.measure,
    "startup": startup.measure,
}
