"""The app's door: the list for one analysis, and what a person says about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from accounts.consent import services as consent
from accounts.consent.purposes import Purpose
from accounts.models import User
from analysis.models import Analysis, Status
from suggestions import why
from suggestions.evidence import NOTHING, Look, look_at
from suggestions.models import CatalogueItem, Feedback, FeedbackKind, Kind, Preference
from suggestions.ranking import Item, Suggestion, Taste, Term, rank

LIMIT = 8


class NotFinishedError(Exception):
    """The analysis has no result to go by yet, or never will have."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One item of a list: what it is, its score, the terms of it, and the reasons as clauses and as a sentence."""

    item: CatalogueItem
    score: float
    terms: tuple[Term, ...]
    reasons: tuple[str, ...]
    why: str
    liked: bool


@dataclass(frozen=True, slots=True)
class Shortlist:
    """A list and what it rests on.

    `uses_photo`: whether what the photo shows may count. `faces`: how many it went by. `child_safe`: whether only items
    fit for every child were eligible.
    """

    shown: tuple[Shown, ...]
    uses_photo: bool
    faces: int
    has_expression: bool
    has_age: bool
    child_safe: bool


def suggest_for(analysis: Analysis, person: User, limit: int = LIMIT) -> Shortlist:
    """The list for one finished analysis. Raises NotFinishedError.

    There is one for every finished analysis: without a face, or with photos switched off, the editors' order and the
    person's own wishes decide, and only what is fit for every child is shown. Seven queries, however many faces.
    """
    if analysis.status != Status.DONE:
        raise NotFinishedError
    preference = preference_of(person)
    uses_photo = preference.use_photos and consent.allows(person, Purpose.SUGGESTIONS)
    look = look_at(analysis) if uses_photo else NOTHING
    rows = CatalogueItem.objects.filter(active=True).in_bulk()
    taste = _taste(person, preference)
    ranked = rank(
        [_as_ranked(row) for row in rows.values()],
        evidence=look.evidence,
        taste=taste,
        seed=str(analysis.uuid),
        limit=limit,
    )
    return Shortlist(
        shown=tuple(_shown(found, rows[found.item.id], look, taste) for found in ranked),
        uses_photo=uses_photo,
        faces=look.faces,
        has_expression=look.evidence.expression is not None,
        has_age=look.evidence.age is not None,
        child_safe=look.evidence.child_safe,
    )


def _taste(person: User, preference: Preference) -> Taste:
    said = list(Feedback.objects.filter(person=person).values_list("item_id", "kind"))
    return Taste(
        wanted_kinds=frozenset(preference.kinds),
        dismissed=frozenset(item for item, kind in said if kind == FeedbackKind.NOT_FOR_ME),
        liked=frozenset(item for item, kind in said if kind == FeedbackKind.LIKED),
    )


def _as_ranked(row: CatalogueItem) -> Item:
    return Item(
        id=row.pk,
        slug=row.slug,
        kind=row.kind,
        title=row.title,
        emotions=row.emotions,
        age_from=row.age_from,
        age_to=row.age_to,
        minimum_age=row.minimum_age,
        standing=row.standing,
    )


def _shown(found: Suggestion, row: CatalogueItem, look: Look, taste: Taste) -> Shown:
    reasons = why.reasons(found, look.evidence)
    return Shown(
        item=row,
        score=found.score,
        terms=found.terms,
        reasons=reasons,
        why=why.sentence(reasons),
        liked=row.pk in taste.liked,
    )


def give_feedback(
    *, person: User, item: CatalogueItem, kind: FeedbackKind, analysis: Analysis | None = None
) -> Feedback:
    """Keep what a person says about an item; saying something else replaces it.

    At which photo is kept only of who agrees that photos count for suggestions.
    """
    if analysis is not None and not consent.allows(person, Purpose.SUGGESTIONS):
        analysis = None
    feedback, _ = Feedback.objects.update_or_create(
        person=person, item=item, defaults={"kind": kind, "analysis": analysis, "created_at": timezone.now()}
    )
    return feedback


def dismiss(*, person: User, item: CatalogueItem, analysis: Analysis | None = None) -> Feedback:
    """Not for this person, at no photo, until they take it back."""
    return give_feedback(person=person, item=item, kind=FeedbackKind.NOT_FOR_ME, analysis=analysis)


def like(*, person: User, item: CatalogueItem, analysis: Analysis | None = None) -> Feedback:
    """More like this for this person."""
    return give_feedback(person=person, item=item, kind=FeedbackKind.LIKED, analysis=analysis)


def undo(*, person: User, item: CatalogueItem) -> bool:
    """Take back what was said about an item; False when nothing was."""
    deleted, _ = Feedback.objects.filter(person=person, item=item).delete()
    return bool(deleted)


def forget_photos(person: User) -> Iterator[int]:
    """At which photos a person said what they said: no more, once photos may not count for suggestions."""
    yield Feedback.objects.filter(person=person).exclude(analysis=None).update(analysis=None)


def reset_feedback(person: User) -> int:
    """Forget everything a person said about items; how much that was."""
    deleted, _ = Feedback.objects.filter(person=person).delete()
    return deleted


def preference_of(person: User) -> Preference:
    """What a person set, or the defaults, unsaved."""
    return Preference.objects.filter(person=person).first() or Preference(person=person)


def set_preference(*, person: User, kinds: Iterable[str], use_photos: bool) -> Preference:
    """Set which kinds a person wants, none meaning all, and whether their photos count. Raises ValueError."""
    wanted = [kind.value for kind in sorted({Kind(kind) for kind in kinds})]
    preference, _ = Preference.objects.update_or_create(
        person=person, defaults={"kinds": wanted, "use_photos": use_photos}
    )
    return preference


def personal_data_of(person: User) -> dict[str, object]:
    """What this app holds about a person, for their export."""
    preference = preference_of(person)
    said = Feedback.objects.filter(person=person).select_related("item")
    return {
        "preference": {"kinds": preference.kinds, "use_photos": preference.use_photos},
        "feedback": [
            {"item": one.item.slug, "kind": one.kind, "created_at": one.created_at.isoformat()} for one in said
        ],
    }
