"""The measurements by name, in the order of the table. Each takes a `Bench` and gives groups of figures."""

from collections.abc import Callable

from benchmarks.bench import Bench
from benchmarks.figures import Group
from benchmarks.platform import backlog, fairness, latency, memory, pages, seen, throughput

GROUPS: dict[str, Callable[[Bench], list[Group]]] = {
    "throughput": throughput.measure,
    "latency": latency.measure,
    "seen": seen.measure,
    "fairness": fairness.measure,
    "backlog": backlog.measure,
    "memory": memory.measure,
    "pages": pages.measure,
}
