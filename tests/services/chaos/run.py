"""The long run by hand, `make chaos`: kills at each of the ten points, and everything else that may fail.

    python -m tests.services.chaos.run --rounds 20 --waiting 500

Prints a row as soon as it is known and ends with exit code 1 when an upload was lost, doubled or left hanging.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tests.services.chaos import hosts, outages
from tests.services.chaos.points import POINTS
from tests.services.chaos.rig import LEASE_S, RESTART_S, SWEEP_S, Rig, rig
from tests.services.chaos.rounds import Tally, audit, orphans, play
from tests.services.chaos.verdict import Verdict

COLUMNS: Final = (
    "rounds", "struck", "accepted", "no 202", "done", "failed", "lost", "double", "hanging", "orphans", "worst s",
)  # fmt: skip
WIDTH: Final = max(map(len, COLUMNS)) + 1
SLOW_MS: Final = 30
"""Longer that a reading takes where others fail in the middle of the work."""
INNOCENT: Final = 20

Part = Callable[[Path, argparse.Namespace], Iterator[Tally]]


def services(folder: Path, options: argparse.Namespace) -> Iterator[Tally]:
    """Kills over PostgreSQL and Redis."""
    with rig(folder) as hurt:
        for point in POINTS:
            yield play(hurt, point, options.rounds)
        yield audit(hurt)


def embedded(folder: Path, options: argparse.Namespace) -> Iterator[Tally]:
    """Kills over SQLite and the embedded broker, under `manage.py up`."""
    with rig(folder, embedded=True) as hurt:
        for point in POINTS:
            yield play(hurt, point, options.rounds)
        yield audit(hurt)


def redis(folder: Path, options: argparse.Namespace) -> Iterator[Tally]:
    """What fails outside of Facet, over PostgreSQL and Redis."""
    with rig(folder, slow_ms=SLOW_MS) as hurt:
        for blow in (
            outages.broker_stopped,
            outages.broker_killed,
            outages.broker_flushed,
            outages.database_restarted,
            outages.database_killed,
        ):
            yield outage(hurt, blow, options.waiting)
        yield _once(hurt, "frozen", lambda name: hosts.frozen(hurt, name, "read"))
        yield _once(hurt, "frozen-storing", lambda name: hosts.frozen(hurt, name, "before_store_commit"))
        yield _once(hurt, "poison", lambda name: hosts.poisoned(hurt, name, INNOCENT)[0])
        yield audit(hurt)


def rabbitmq(folder: Path, options: argparse.Namespace) -> Iterator[Tally]:
    """The broker's failures over RabbitMQ."""
    with rig(folder, slow_ms=SLOW_MS, rabbitmq=True) as hurt:
        for blow in (outages.broker_stopped, outages.broker_killed):
            yield outage(hurt, blow, options.waiting)
        yield audit(hurt)


def disk(folder: Path, options: argparse.Namespace) -> Iterator[Tally]:
    """A full disk. Raises PermissionError where we may not mount."""
    with hosts.small_disk(folder / "disk") as small, rig(folder, media=small) as hurt:
        yield _once(hurt, "disk-full", lambda name: hosts.disk_full(hurt, name)[0])


PARTS: Final[dict[str, Part]] = {part.__name__: part for part in (services, redis, disk, rabbitmq, embedded)}


def outage(hurt: Rig, blow: outages.Scenario, waiting: int) -> Tally:
    """One row for one failure with `waiting` photos in the line."""
    return _once(hurt, blow.__name__.replace("_", "-"), lambda name: blow(hurt, name, waiting))


def _once(hurt: Rig, name: str, play_it: Callable[[str], Verdict]) -> Tally:
    before = orphans(hurt)
    tally = Tally(name, rounds=1, killed=1, verdicts=[play_it(name)])
    tally.orphans = len(orphans(hurt) - before)
    return tally


def _row(tally: Tally) -> str:
    without = tally.total("refused") + tally.total("unanswered")
    counts = [tally.total(what) for what in ("done", "failed", "lost", "double", "hanging")]
    cells = [tally.rounds, tally.killed, tally.total("accepted"), without, *counts, tally.orphans, f"{tally.worst:.1f}"]
    return f"{tally.point:22}" + "".join(f"{cell:>{WIDTH}}" for cell in cells)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Exit code 0 when every promise was kept."""
    parser = argparse.ArgumentParser(description="Hurt installations of Facet and count what is lost.")
    parser.add_argument("--rounds", type=int, default=20, help="kills at each of the ten points (default 20)")
    parser.add_argument("--waiting", type=int, default=500, help="photos that wait when something fails (default 500)")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help=f"default: all of {', '.join(PARTS)}")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that servers and disks are let go
    _say(f"lease {LEASE_S} s, sweep {SWEEP_S} s; hanging is what takes {RESTART_S:.0f} s longer than both")
    complaints: list[str] = []
    for name in options.parts or PARTS:
        _say(f"\n{name:22}" + "".join(f"{column:>{WIDTH}}" for column in COLUMNS))
        with tempfile.TemporaryDirectory(prefix="facet-chaos-") as folder:
            for tally in PARTS[name](Path(folder), options):
                found = list(tally.complaints)
                _say("\n".join([_row(tally), *found]))
                complaints += found
    if not complaints:
        _say("\nEvery upload that was accepted had exactly one outcome, in time.")
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
