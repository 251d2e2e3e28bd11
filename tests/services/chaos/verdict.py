"""Whether the promise was kept: every upload that was accepted has exactly one outcome, in time."""

import time
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from tests.services.chaos.ledger import Entry
from tests.services.chaos.rig import PATIENCE_S, SETTLE_S, Answers, Rig

LATE_S: Final = 0.7
"""What may still come: a second result, or a photo whose commit was under way when the process that sent it died."""
SAID: Final = 300
"""Characters of a refusal that are told."""


@dataclass(slots=True)
class Verdict:
    """What became of one round's photos."""

    accepted: int = 0
    done: int = 0
    failed: int = 0
    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    hanging: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    seconds: float = 0.0
    """From the blow, or the end of the outage, until everything was settled."""

    @property
    def kept(self) -> bool:
        """Whether nothing was lost, doubled or left hanging."""
        return not (self.lost or self.double or self.hanging)


def judge(rig: Rig, series: str, answers: Answers, since: float, *, work_s: float = 0.0) -> Verdict:
    """Wait until every photo of `series`, or of all when it is empty, is settled, and say what became of them.

    `since` is by time.time(), `work_s` what the reading takes that was left to do then.
    """
    accepted = set(answers.accepted)
    rig.accepted |= accepted
    refused = [f"{answer.status_code} {answer.text[:SAID]}" for answer in answers.refused]
    verdict = Verdict(accepted=len(accepted), refused=refused, unanswered=answers.unanswered)
    within = max(since + SETTLE_S + work_s - time.time(), LATE_S + 1)
    if not rig.wait(lambda: _all_settled(rig, series, accepted), within):
        found = rig.ledger.entries(series)
        verdict.hanging = [str(entry) for entry in found if not entry.settled]
    verdict.seconds = time.time() - since
    rig.wait(lambda: _quiet(rig, series, accepted), PATIENCE_S)
    _count(verdict, rig.ledger.entries(series), accepted)
    return verdict


def _quiet(rig: Rig, series: str, accepted: set[UUID]) -> bool:
    if not _all_settled(rig, series, accepted):
        return False
    time.sleep(LATE_S)
    return _all_settled(rig, series, accepted)


def _all_settled(rig: Rig, series: str, accepted: set[UUID]) -> bool:
    found = rig.ledger.entries(series)
    return all(entry.settled for entry in found) and accepted <= {entry.photo for entry in found}


def _count(verdict: Verdict, found: list[Entry], accepted: set[UUID]) -> None:
    names = [entry.name for entry in found]
    verdict.done = sum(entry.right for entry in found)
    verdict.failed = sum(entry.status == "failed" and bool(entry.failure) for entry in found)
    verdict.lost = [str(photo) for photo in accepted - {entry.photo for entry in found}]
    verdict.lost += [str(entry) for entry in found if not (entry.settled or entry.twice)]
    verdict.double = [str(entry) for entry in found if entry.twice or names.count(entry.name) > 1]
    odd = [entry for entry in found if entry.status == "done" and not (entry.right or entry.twice)]
    verdict.lost += [f"faces are missing: {entry}" for entry in odd]
