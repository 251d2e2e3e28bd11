"""A photo that newer models read again: whether they could, how that goes, and what they say now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.text import get_text_list

from analysis import services
from analysis.models import Analysis, Photo, Status
from analysis.results import pairs
from analysis.views.cards import FaceCard, PhotoCard, face_card
from analysis.views.waiting import Progress, progress_of

WORDS: Final = {"age": "age", "gender": "gender", "emotion": "expression shown"}


@dataclass(frozen=True, slots=True)
class Change:
    """One face before and now; None where it was not found."""

    before: FaceCard | None
    now: FaceCard | None

    @property
    def face(self) -> FaceCard:
        """For its picture and number: as it is now, if it is there."""
        face = self.now or self.before
        assert face is not None  # noqa: S101
        return face

    @property
    def is_age_new(self) -> bool:
        """Whether the years or the range that people see differ."""
        return self._differs("age", "low", "high")

    @property
    def is_gender_new(self) -> bool:
        """Whether another gender is shown."""
        return self._differs("gender")

    @property
    def is_emotion_new(self) -> bool:
        """Whether another expression is shown."""
        return self._differs("emotion")

    @property
    def is_any_new(self) -> bool:
        """Whether there is anything to tell."""
        return not (self.before and self.now) or self._differs("age", "low", "high", "gender", "emotion")

    def _differs(self, *names: str) -> bool:
        if not (self.before and self.now):
            return False
        return any(getattr(self.before, name) != getattr(self.now, name) for name in names)


@dataclass(frozen=True, slots=True)
class Rereading:
    """What a photo's page says about reading it again.

    `lacking`: what the owner agrees to by now and the shown reading does not have, in words. `lacks_picture`: it could
    be read again, but the picture was not kept.
    `state` is how a reading goes, or went, that has no result while an earlier one is shown. `replaced` is the reading
    that the shown one was to replace, `changes` what differs from it, of `same` faces nothing.
    """

    newest: Analysis | None
    state: Progress | None
    can_start: bool
    lacking: str
    lacks_picture: bool
    replaced: Analysis | None
    changes: Sequence[Change]
    same: int
    earlier: Sequence[Analysis]


def rereading_of(card: PhotoCard) -> Rereading:
    """Of a photo that came `with_results`; one more query at most for whether newer models are there."""
    shown, newest = card.analysis, card.photo.newest
    is_result = shown is not None and shown.status == Status.DONE
    is_under_way = is_result and newest is not None and newest != shown
    can_be_better = bool(is_result and not is_under_way and shown)
    lacking = services.lacking(shown) if can_be_better and shown else frozenset()
    is_outdated = bool(can_be_better and shown and (lacking or services.is_outdated(shown)))
    replaced = _replaced(card)
    changes = _changes(card.photo, replaced, shown) if replaced and shown else []
    told = [change for change in changes if change.is_any_new]
    return Rereading(
        newest=newest,
        state=progress_of([newest])[0] if is_under_way else None,
        lacking=get_text_list([word for name, word in WORDS.items() if name in lacking], "and"),
        can_start=is_outdated and card.photo.has_picture,
        lacks_picture=is_outdated and not card.photo.has_picture,
        replaced=replaced,
        changes=told,
        same=len(changes) - len(told),
        earlier=[each for each in _newest_first(card.photo) if each.status == Status.DONE and each != shown],
    )


def _newest_first(photo: Photo) -> list[Analysis]:
    return sorted(photo.analyses.all(), key=lambda analysis: -analysis.pk)


def _replaced(card: PhotoCard) -> Analysis | None:
    if card.analysis is None or card.analysis.earlier_id is None:
        return None
    return next((each for each in card.photo.analyses.all() if each.pk == card.analysis.earlier_id), None)


def _changes(photo: Photo, before: Analysis, now: Analysis) -> list[Change]:
    """The faces there are now in their order, then those that are not found any more."""
    found = [
        Change(face_card(photo, old) if old else None, face_card(photo, new) if new else None)
        for old, new in pairs(list(before.faces.all()), list(now.faces.all()))
    ]
    return sorted(found, key=lambda change: (change.now is None, change.face.number))
