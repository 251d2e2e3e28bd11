"""A round: a point is armed, photos are sent, somebody dies, and everything is settled all the same."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.services.chaos.pictures import photo
from tests.services.chaos.points import KILL, KILL_ALL, PARENT
from tests.services.chaos.rig import Answers, Rig
from tests.services.chaos.verdict import Verdict, judge

FACES = ((1,), (2, 1))
"""Of the photos of one round, request by request; all requests are sent at once."""
STRUCK_WITHIN_S = 30.0


@dataclass(slots=True)
class Tally:
    """All rounds at one point together."""

    point: str
    rounds: int = 0
    killed: int = 0
    orphans: int = 0
    attempts: Counter[int] = field(default_factory=Counter)
    verdicts: list[Verdict] = field(default_factory=list)

    def total(self, what: str) -> int:
        """The sum of a count, or of a list's length, over all verdicts."""
        values = [getattr(verdict, what) for verdict in self.verdicts]
        return sum(value if isinstance(value, int) else len(value) for value in values)

    @property
    def worst(self) -> float:
        """Seconds of the round that took longest to settle."""
        return max((verdict.seconds for verdict in self.verdicts), default=0.0)

    @property
    def complaints(self) -> Iterator[str]:
        """What broke the promise."""
        if self.killed < self.rounds:
            yield f"{self.point}: {self.rounds - self.killed} rounds in which nobody was killed"
        for verdict in self.verdicts:
            for what in ("lost", "double", "hanging"):
                yield from (f"{self.point}: {what}: {one}" for one in getattr(verdict, what))


def play(rig: Rig, point: str, rounds: int) -> Tally:
    """`rounds` rounds at `point`."""
    tally = Tally(point)
    for number in range(rounds):
        before = orphans(rig)
        series = f"{point}-{number}"
        rig.armoury.arm(point, KILL_ALL if point in PARENT else KILL)
        answers = rig.upload([[photo(series, faces) for faces in request] for request in FACES])
        tally.rounds += 1
        tally.killed += rig.wait(lambda: rig.armoury.struck_at(point) is not None, STRUCK_WITHIN_S)
        rig.armoury.disarm(point)
        since = rig.armoury.struck_at(point)
        assert since is not None, f"nobody passed {point} within {STRUCK_WITHIN_S:.0f} s"
        tally.verdicts.append(judge(rig, series, answers, since))
        tally.attempts.update(entry.attempts for entry in rig.ledger.entries(series))
        tally.orphans += len(orphans(rig) - before)
    return tally


def audit(rig: Rig) -> Tally:
    """Everything that this installation ever accepted, once more: a second result may have come late."""
    return Tally("in the end", verdicts=[judge(rig, "", Answers(sorted(rig.accepted)), time.time())])


def orphans(rig: Rig) -> set[str]:
    """Files that no row speaks of."""
    kept = {str(path.relative_to(rig.media)) for path in rig.media.rglob("*") if path.is_file()}
    return kept - rig.ledger.files()
