"""What became of the files that a person chose together, kept in their session for the page that says so."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.urls import reverse

from analysis.intake import Rejected
from analysis.services import UploadOutcome

KEPT: Final = 5
"""Batches a session remembers; the photos themselves are in the history anyway."""

SESSION_KEY: Final = "uploads"


@dataclass(slots=True)
class Batch:
    """Photos that were kept and files that were not. The browser sends files one by one under the same batch."""

    uuid: UUID = field(default_factory=uuid4)
    accepted: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    @classmethod
    def load(cls, request: HttpRequest, uuid: UUID | None) -> "Batch":
        """The batch of this session, or a new one with that uuid."""
        kept: dict[str, Any] = request.session.get(SESSION_KEY, {}).get(str(uuid), {})
        return cls(
            uuid=uuid or uuid4(),
            accepted=list(kept.get("accepted", ())),
            rejected=[Rejected(**rejected) for rejected in kept.get("rejected", ())],
        )

    def add(self, outcome: UploadOutcome) -> None:
        """Take in what one request brought."""
        self.accepted += [str(photo.uuid) for photo in outcome.accepted]
        self.rejected += outcome.rejected

    def save(self, request: HttpRequest) -> None:
        """Remember this batch and forget the oldest."""
        batches: dict[str, Any] = dict(request.session.get(SESSION_KEY, {}))
        batches.pop(str(self.uuid), None)
        batches[str(self.uuid)] = {"accepted": self.accepted, "rejected": _as_json(self.rejected)}
        request.session[SESSION_KEY] = dict(list(batches.items())[-KEPT:])

    @property
    def is_empty(self) -> bool:
        """Whether no file came in under this batch in this session."""
        return not self.accepted and not self.rejected

    def url(self) -> str:
        """Where the outcome can be seen: a single good photo has its own page."""
        if len(self.accepted) == 1 and not self.rejected:
            return reverse("analysis:photo", args=[self.accepted[0]])
        return reverse("analysis:uploaded", args=[self.uuid])


def _as_json(rejected: Iterable[Rejected]) -> list[dict[str, str]]:
    return [asdict(one) for one in rejected]
