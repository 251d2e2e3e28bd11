"""What a worker process has resident while it reads 5,000 photos of all sizes."""

from benchmarks.bench import Bench
from benchmarks.figures import Figure, Group
from benchmarks.platform.goals import FLAT, MEMORY
from benchmarks.platform.processes import Memory, held, memory
from benchmarks.platform.rates import slope
from benchmarks.platform.stacks import PERSON, Stack, picture, running

PHOTOS = 5000
MIXED = ((0.3, 1), (1, 1), (1, 4), (0.3, 4), (1, 1), (4, 1), (1, 20), (0.3, 1), (1, 1), (12, 1), (1, 1), (4, 4))
"""Megapixels and faces, in turn."""
SHOWN = (0.02, 0.2, 0.5, 1.0)
"""Shares of all photos after which the table tells the memory: 100, 1,000, 2,500 and 5,000."""
STEPS = 20
SETTLED = 0.2
"""Share of the photos after which it should not grow any more."""
STEP_WITHIN_S = 300


def measure(bench: Bench) -> list[Group]:
    """One group, with PostgreSQL and Redis; the worker is the same with SQLite."""
    total = bench.rounds(PHOTOS)
    with running("services") as stack:
        found = _samples(stack, total)
    rows = [
        Figure(f"after {count:,} photos", "MB", found[count].resident, goal=MEMORY if count == total else None)
        for count in _counts(total, SHOWN)
    ]
    rows.append(Figure(f"after {total:,} photos, shared pages divided (PSS)", "MB", found[total].proportional))
    late = {count: each.resident for count, each in found.items() if count >= SETTLED * total}
    growth = slope(list(late), list(late.values()))
    rows.append(
        Figure(f"growth in 1,000 photos, after the first {min(late):,}", "MB", growth, samples=len(late), goal=FLAT)
    )
    return [Group(f"Resident memory of a worker process, photos of 0.3 to 12 MP, {stack.name}", "", tuple(rows))]


def _samples(stack: Stack, total: int) -> dict[int, Memory]:
    """Memory by photos read."""
    with held(stack.worker):
        files = [picture(stack, megapixels, faces) for megapixels, faces in MIXED]
        stack.inside.call("fill", email=PERSON, files=files, count=total)
    (reader,) = stack.readers()
    found = {}
    steps = [step / STEPS for step in range(1, STEPS + 1)]
    for count in sorted({*_counts(total, SHOWN), *_counts(total, steps)}):
        stack.inside.call("wait_for_count", finished=count, seconds=STEP_WITHIN_S)
        found[count] = memory(reader.pid)  # raises when the process was replaced meanwhile
    return found


def _counts(total: int, shares: tuple[float, ...] | list[float]) -> list[int]:
    return [max(round(share * total), 1) for share in shares]
